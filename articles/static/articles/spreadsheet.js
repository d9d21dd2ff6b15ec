/* Cells that were copied from a spreadsheet, as every spreadsheet program writes them as plain text. */

/** Return the rows of a text with a tab between cells: each a list of texts, all of the same length.
 * A cell with a line break or a quotation mark in it stands in quotation marks, which are doubled inside (RFC 4180). */
export function cellsOf(text) {
  const rows = [[""]];
  let isQuoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (!source.trim()) return [];
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    const row = rows.at(-1);
    const cell = row.length - 1;
    if (isQuoted && character === '"' && source[at + 1] === '"') {
      row[cell] += '"';
      at += 1;
    } else if (isQuoted && character === '"') isQuoted = false;
    else if (!isQuoted && character === '"' && row[cell] === "" && endsQuoted(source, at)) isQuoted = true;
    else if (!isQuoted && character === "\t") row.push("");
    else if (!isQuoted && character === "\n") rows.push([""]);
    else row[cell] += character === "\n" ? " " : character;
  }
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row.map((cell) => cell.trim()), ...Array(width - row.length).fill("")]);
}

/** Return whether a quotation mark at the beginning of a cell has its counterpart at the end of one. */
const endsQuoted = (source, at) => /^"(?:[^"]|"")*"(?:[\t\n]|$)/.test(source.slice(at));
