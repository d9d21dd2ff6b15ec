/* Bring what surrounds the text up to date after a save: stage, actions, checks, and the panels beside the text. */

import { facts, form } from "../js/forms/desk.js";

/** Return whether this part has unsent input, which replacing it would lose. */
const isBusy = (part) =>
  part.contains(document.activeElement) ||
  Array.from(part.querySelectorAll("textarea, input:is([type=text], [type=date], [type=time])")).some((field) => field.value !== field.defaultValue);

/** A panel that a script makes from the text. */
const OF_THE_TEXT = "#outline";
const STAYS = ".save, .preview-open, #preview-template, #desk-facts, .save-status";

/** Load the page and take over everything but the form. If it cannot be loaded, all stays as it was. */
export async function refresh() {
  const answer = await fetch(location.pathname, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#desk-facts");
  if (!fresh || fresh.dataset.version !== facts.version) return; // somebody has saved since
  Object.assign(facts, fresh.dataset);
  document.title = page.title;
  takeBar(page);
  takePicture(page);
  takeSide(page);
  document.dispatchEvent(new CustomEvent("page:refreshed"));
}

function takeBar(page) {
  const bar = document.querySelector(".bar");
  bar.querySelector(".stepper").replaceWith(page.querySelector(".bar .stepper"));
  const standing = page.querySelector(".bar .standing");
  const old = bar.querySelector(".standing");
  if (old && standing) old.replaceWith(standing);
  else if (standing) bar.querySelector(".verbs").after(standing);
  const verbs = bar.querySelector(".verbs");
  if (verbs.querySelector("details[open]") || isBusy(verbs)) return;
  for (const part of Array.from(verbs.children)) if (!part.matches(STAYS)) part.remove();
  for (const part of Array.from(page.querySelector(".bar .verbs").children)) if (!part.matches(STAYS)) verbs.append(part);
}

/** Show the stored picture, unless another one has been chosen since. */
function takePicture(page) {
  const old = form.querySelector(".field-hero_image");
  const fresh = page.querySelector(".field-hero_image");
  if (!old || !fresh || form.elements.hero_image?.files?.length || old.contains(document.activeElement)) return;
  old.replaceChildren(...fresh.childNodes);
}

function takeSide(page) {
  const side = document.querySelector(".desk-side");
  const fresh = page.querySelector(".desk-side");
  if (!side || !fresh || isBusy(side)) return;
  const checks = side.querySelector("#checks");
  const freshChecks = fresh.querySelector("#checks");
  checks.replaceChildren(...freshChecks.childNodes);
  checks.dataset.url = freshChecks.dataset.url;
  const open = new Set(Array.from(side.querySelectorAll("details[open] > summary"), (summary) => summary.textContent.trim()));
  for (const part of Array.from(side.children)) if (part !== checks && !part.matches(OF_THE_TEXT)) part.remove();
  for (const part of Array.from(fresh.children)) if (part !== freshChecks && !part.matches(OF_THE_TEXT)) side.append(part);
  for (const summary of side.querySelectorAll("details > summary")) {
    if (open.has(summary.textContent.trim())) summary.parentElement.open = true;
  }
}
