/* The review page: comments on selected text or on a block, sources shown where they are cited, and drafts. */
import { countCharacters } from "./character_count.js";
import { DraftSaver } from "./draft_saver.js";

const root = document.getElementById("board");
const text = document.getElementById("text");
const form = document.getElementById("remark");
const prose = text.querySelector(".column > .prose");
const blocks = prose ? [...prose.children] : [];
const away = form.querySelector("[data-away]");
const ASIDE = ".mark, .remark-here, .source-here, form, del, .cmp-say, .cmp-sign, .cmp-who, .cmp-cite, .cmp-remark";
const LINES = "p, li, td, th, caption, figcaption, h2, h3, h4, blockquote, br, tr";

const draftSaver = new DraftSaver(root);
draftSaver.start();
countCharacters(root);

/* Return the text of a range as readers see it, without citation numbers and with single spaces. */
function wordsOf(range) {
  const copy = range.cloneContents();
  for (const node of copy.querySelectorAll(ASIDE)) node.remove();
  for (const node of copy.querySelectorAll(LINES)) {
    node.before(" ");
    node.append(" ");
  }
  return copy.textContent.replace(/\s+/g, " ");
}

function blockOf(node) {
  return blocks.findIndex((block) => block.contains(node));
}

/* Move the form below the block, or back to its own place, and fill in the passage. */
function comment(block, passage = "", start = "") {
  form.elements.block.value = block >= 0 ? block : "";
  form.elements.passage.value = passage;
  form.elements.start.value = start;
  if (block >= 0) {
    let last = blocks[block];
    while (last.nextElementSibling?.matches(".remark-here, .source-here")) last = last.nextElementSibling;
    last.after(form);
    away.hidden = false;
  } else {
    goHome();
  }
  form.elements.text.focus({ preventScroll: true });
  form.scrollIntoView({ block: "center" });
  draftSaver.soon();
}

function goHome() {
  document.getElementById("remarkHome").append(form);
  away.hidden = true;
}

away.addEventListener("click", () => {
  const place = form.elements.block.value;
  goHome();
  backTo(place);
});

/* Move the focus to the button of the block at `place`, or to the comments if there is no such block. */
function backTo(place) {
  (buttons[place] ?? document.querySelector("#remark [name=text]")).focus({ preventScroll: true });
  blocks[place]?.scrollIntoView({ block: "nearest" });
}

/* After a comment or a reply was saved, the page stays where it is. */
root.addEventListener("threads", (event) => {
  countComments();
  highlightPassages();
  if (event.detail.form !== form) return;
  goHome();
  backTo(event.detail.place);
});

/* Add a button to each block for comments by keyboard or tap; it also shows the number of comments. */
const buttons = blocks.map((block, place) => {
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", () => comment(place));
  block.after(button);
  return button;
});

function countComments() {
  const counts = new Map();
  for (const thread of document.querySelectorAll(".thread[data-block]:not(.is-earlier)")) {
    counts.set(Number(thread.dataset.block), (counts.get(Number(thread.dataset.block)) ?? 0) + 1);
  }
  blocks.forEach((block, place) => {
    const many = counts.get(place);
    const words = { start: block.textContent.trim().slice(0, 60), many };
    const label = many ? gettext("Comment on: %(start)s, %(many)s so far") : gettext("Comment on: %(start)s");
    buttons[place].className = many ? "remark-here has-comments" : "remark-here";
    buttons[place].textContent = many ? interpolate(gettext("Comment (%(many)s)"), words, true) : gettext("Comment");
    buttons[place].setAttribute("aria-label", interpolate(label, words, true));
  });
}
countComments();

/* Show a button while text is selected; on a phone it is above the bar. */
const pick = document.createElement("button");
pick.type = "button";
pick.className = "remark-selection";
pick.textContent = gettext("Comment on these words");
pick.hidden = true;
root.append(pick);

function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return null;
  if (form.contains(range.commonAncestorContainer)) return null;
  const passage = wordsOf(range).trim();
  return passage ? { range, passage } : null;
}

document.addEventListener("selectionchange", () => {
  const found = chosen();
  pick.hidden = !found;
  if (found && matchMedia("(min-width: 64rem)").matches) {
    const box = found.range.getBoundingClientRect();
    pick.style.top = `${Math.min(innerHeight - 60, Math.max(8, box.bottom + 8))}px`;
    pick.style.left = `${Math.max(8, box.left)}px`;
  }
});
pick.addEventListener("pointerdown", (event) => event.preventDefault());
pick.addEventListener("click", () => {
  const found = chosen();
  if (!found) return;
  const block = blockOf(found.range.startContainer);
  let start = "";
  if (block >= 0) {
    const before = document.createRange();
    before.setStart(blocks[block], 0);
    before.setEnd(found.range.startContainer, found.range.startOffset);
    start = wordsOf(before).trimStart().length;
  }
  getSelection().removeAllRanges();
  comment(block, found.passage.slice(0, 1000), start);
});

/* Show a source below the passage that cites it; a second click hides it. */
text.addEventListener("click", (event) => {
  const mark = event.target.closest(".mark a[href^='#source-'], .cmp-cite a[href^='#Beside-']");
  const number = mark?.hash.split("-")[1];
  const beside = number && document.getElementById(`Beside-${number}`);
  if (!beside) return;
  const block = blocks[blockOf(mark)] ?? mark.closest(".cmp-block, .prose > *");
  if (!block) return;
  event.preventDefault();
  const already = block.parentElement.querySelector(`.source-here[data-source="${number}"]`);
  if (already) return already.remove();
  const card = document.createElement("aside");
  card.className = "source-here";
  card.dataset.source = number;
  card.tabIndex = -1;
  card.setAttribute("aria-label", interpolate(gettext("Source %(number)s"), { number }, true));
  card.append(...[...beside.children].map((child) => child.cloneNode(true)));
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "close", textContent: "×" });
  close.setAttribute("aria-label", interpolate(gettext("Close source %(number)s"), { number }, true));
  close.addEventListener("click", () => { card.remove(); mark.focus(); });
  card.append(close);
  block.after(card);
  card.focus({ preventScroll: true });
});

/* Return the range of a passage in a block, or null. Highlights use it, and leave the elements of the text alone. */
function rangeOf(block, passage) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(ASIDE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const places = [];
  let words = "";
  while (walker.nextNode()) {
    const data = walker.currentNode.data;
    for (let offset = 0; offset < data.length; offset += 1) {
      const sign = /\s/.test(data[offset]) ? " " : data[offset];
      if (sign === " " && words.endsWith(" ")) continue;
      words += sign;
      places.push([walker.currentNode, offset]);
    }
  }
  const at = words.indexOf(passage);
  if (at < 0) return null;
  const range = document.createRange();
  range.setStart(...places[at]);
  const [node, offset] = places[at + passage.length - 1];
  range.setEnd(node, offset + 1);
  return range;
}

function highlightPassages() {
  if (!globalThis.Highlight || !blocks.length) return;
  const ranges = [];
  for (const thread of document.querySelectorAll(".thread[data-passage]:not(.is-closed)")) {
    const passage = thread.dataset.passage.replace(/\s+/g, " ");
    const first = blocks[thread.dataset.block];
    const found = [first, ...blocks].filter(Boolean).map((block) => rangeOf(block, passage)).find(Boolean);
    if (found) ranges.push(found);
  }
  CSS.highlights.set("remarks", new Highlight(...ranges));
}
highlightPassages();
