/* The text of an editor as plain characters, and the way back from a passage to its place in the document. */

const BLOCK = "p, li, h2, h3, h4, td, th, caption, figcaption, blockquote, aside";
/** Between two blocks in the plain text. No passage contains it, so none goes across blocks by accident. */
const BREAK = "\n";
const isWhite = (character) => /[\s\u200b]/.test(character);

/** Return the text under `root` without citation marks, and the place (node and offset) of each of its characters. */
export function readText(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  let block = null;
  let isAfterSpace = true; // nothing begins with a space
  const add = (character, place) => {
    text += character;
    places.push(place);
    isAfterSpace = character === " " || character === BREAK;
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("sup[data-cite]")) continue;
    const around = node.parentElement.closest(BLOCK);
    if (around !== block && text) add(BREAK, [node, 0]);
    block = around;
    for (let at = 0; at < node.data.length; at += 1) {
      const isSpace = isWhite(node.data[at]);
      if (isSpace && isAfterSpace) continue;
      add(isSpace ? " " : node.data[at], [node, at]);
    }
  }
  return { text, places };
}

/** Return the range from one character of a text that `readText` returned to another, which is included. */
export function rangeBetween({ places }, start, last) {
  const [[node, offset], [lastNode, lastOffset]] = [places[start], places[last]];
  const range = node.ownerDocument.createRange();
  range.setStart(node, offset);
  range.setEnd(lastNode, lastOffset + 1);
  return range;
}

/** Return the range of a passage in a text that `readText` returned; null if the text does not contain it. */
export function rangeOf(read, passage) {
  const words = passage.replace(/[\s\u200b]+/g, " ").trim();
  const start = words ? read.text.replaceAll(BREAK, " ").indexOf(words) : -1;
  return start < 0 ? null : rangeBetween(read, start, start + words.length - 1);
}
