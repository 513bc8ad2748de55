// Simple conditions and the CQL2 text they make: attribute, comparison, value, joined by AND. Nothing else is read.

const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;

// type: of the attribute, "integer" and "number" are written without quotes, "date" as DATE('…')
export function textOf({ name, op, value }, type) {
  if (op === "null") return `${name} IS NULL`;
  if (op === "like") return `${name} LIKE ${quoted(`%${value.replaceAll("%", "")}%`)}`;
  const written = { integer: value, number: value, boolean: value, date: `DATE(${quoted(value)})` }[type] ?? quoted(value);
  return `${name} ${op} ${written}`;
}

export const joined = (texts) => texts.filter(Boolean).join(" AND ");

// Brackets where a text might hold an OR of its own.
export const both = (filter, more) => joined([filter && /\bor\b/i.test(filter) ? `(${filter})` : filter, more]);

const NAME = "([a-z_0-9]+)";
const TEXT = "'((?:[^']|'')*)'";
const FORMS = [
  [new RegExp(`^${NAME} is null`, "i"), ([, name]) => ({ name, op: "null", value: "" })],
  [new RegExp(`^${NAME} like ${TEXT}`, "i"), ([, name, value]) => ({ name, op: "like", value: value.replace(/^%|%$/g, "").replaceAll("''", "'") })],
  [new RegExp(`^${NAME} (=|<>|<=|>=|<|>) ${TEXT}`), ([, name, op, value]) => ({ name, op, value: value.replaceAll("''", "'") })],
  [new RegExp(`^${NAME} (=|<>|<=|>=|<|>) DATE\\(${TEXT}\\)`), ([, name, op, value]) => ({ name, op, value })],
  [new RegExp(`^${NAME} (=|<>|<=|>=|<|>) (-?[0-9.]+|true|false)`), ([, name, op, value]) => ({ name, op, value })],
];

// The conditions of a text; null where it says more than these can: it is then shown as text only.
export function conditionsOf(text) {
  const found = [];
  let rest = text.trim();
  while (rest) {
    const form = FORMS.map(([pattern, read]) => [pattern.exec(rest), read]).find(([match]) => match);
    if (!form) return null;
    found.push(form[1](form[0]));
    rest = rest.slice(form[0][0].length).trim();
    if (!rest) break;
    const and = /^and\s+/i.exec(rest);
    if (!and) return null;
    rest = rest.slice(and[0].length);
  }
  return found;
}
