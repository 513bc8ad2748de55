// A filter as conditions that are joined by AND: chips put theirs in and take them out, a person's own stay.

const TOKEN = /'(?:[^']|'')*'|[()]|\b(?:and|or|between)\b/gi;

// The conditions of a text, outside of brackets and quotes; one alone where an OR joins them.
export function partsOf(text) {
  const parts = [];
  let [depth, from, isBetween, hasOr] = [0, 0, false, false];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const word = token.toLowerCase();
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    else if (depth) continue;
    else if (word === "or") hasOr = true;
    else if (word === "between") isBetween = true;
    else if (word === "and" && isBetween) isBetween = false; // it belongs to its BETWEEN
    else if (word === "and") {
      parts.push(text.slice(from, index));
      from = index + token.length;
    }
  }
  if (hasOr) return [`(${text.trim()})`];
  return [...parts, text.slice(from)].map((part) => part.trim()).filter(Boolean);
}

const CLASS = /^class = '(\w+)'$/;
const CLASSES = /^class IN \(([^()]*)\)$/;

// The main classes that a condition names; null where it is about something else.
export function classesIn(part) {
  const one = CLASS.exec(part);
  if (one) return [one[1]];
  const many = CLASSES.exec(part);
  return many ? [...many[1].matchAll(/'(\w+)'/g)].map((match) => match[1]) : null;
}

export function classCondition(codes) {
  if (!codes.length) return "";
  return codes.length === 1 ? `class = '${codes[0]}'` : `class IN (${codes.map((code) => `'${code}'`).join(", ")})`;
}
