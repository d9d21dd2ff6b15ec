/* The form of a source: shows sources of the library that may be the same work. The form works without this script. */

const FIELDS = ["title", "year", "doi", "pmid", "pmcid", "url"];
const PAUSE = 400; // milliseconds after the last key

const box = document.querySelector("#likely");
const said = document.querySelector("#likelySaid");
const fields = new Map(FIELDS.map((name) => [name, document.querySelector(`#id_${name}`)]).filter(([, field]) => field));
let timer = 0;
let asking = null;

function show(rows) {
  const list = box.querySelector("ul");
  list.replaceChildren(
    ...rows.map((row) => {
      const link = document.createElement("a");
      link.href = row.address;
      link.target = "_blank"; // what is being typed stays on this page
      link.rel = "noopener";
      link.textContent = `${row.key}: ${row.title}`;
      const why = document.createElement("span");
      const reason = row.year ? `${row.why}; ${row.year}` : row.why;
      why.textContent = interpolate(gettext("%(reason)s. Opens in a new tab."), { reason }, true);
      why.textContent = why.textContent.charAt(0).toUpperCase() + why.textContent.slice(1);
      const item = document.createElement("li");
      item.append(link, why);
      return item;
    }),
  );
  box.hidden = rows.length === 0;
  const message = ngettext(
    "One source of the library may be the same work; listed after this field.",
    "%(count)s sources of the library may be the same work; listed after this field.",
    rows.length,
  );
  said.textContent = rows.length ? interpolate(message, { count: rows.length }, true) : "";
}

async function ask(field) {
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams({ source: box.dataset.source });
  for (const [name, input] of fields) query.set(name, input.value);
  try {
    const answer = await fetch(`${box.dataset.address}?${query}`, { signal: asking.signal });
    if (!answer.ok) return;
    const { likely } = await answer.json();
    field?.closest(".form-row")?.after(box);
    show(likely);
  } catch (error) {
    if (error.name !== "AbortError") show([]); // no network: the form itself refuses what is there already
  }
}

if (box && fields.size) {
  for (const field of fields.values()) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => ask(field), PAUSE);
    });
  }
}
