// Which classes fit what was typed: Chinese words, a code, English, full pinyin or first letters, also mixed.

// syllables: [["jing"], ["gai", "ge"]]; letters may stop inside any syllable: "jgai", "jingg", "jg".
function spells(syllables, at, letters, mayskip) {
  if (!letters) return true;
  if (at >= syllables.length) return false;
  for (const reading of syllables[at]) {
    let fit = 0;
    while (fit < reading.length && fit < letters.length && reading[fit] === letters[fit]) fit += 1;
    for (; fit > 0; fit -= 1) if (spells(syllables, at + 1, letters.slice(fit), mayskip)) return true;
  }
  return mayskip && spells(syllables, at + 1, letters, true);
}

// How well one word fits a class, 0 best; Infinity: not at all.
function distance(one, word) {
  if (one.code.startsWith(word)) return 0;
  const at = one.name_zh.indexOf(word);
  if (at >= 0) return at ? 2 : 1;
  if (one.english.includes(word)) return one.english.startsWith(word) ? 2 : 3;
  if (!/^[a-z]+$/.test(word)) return Infinity;
  if (spells(one.syllables, 0, word, false)) return 3;
  for (let from = 1; from < one.syllables.length; from += 1) if (spells(one.syllables, from, word, false)) return 4;
  // "jgl": letters that stand in this order, others between them
  return word.length > 1 && spells(one.syllables, 0, word, true) ? 6 : Infinity;
}

export function prepared(classes) {
  return classes.map((one) => ({
    ...one,
    english: (one.name_en ?? "").toLowerCase(),
    syllables: one.sounds.split(" ").map((sign) => sign.split("|")),
  }));
}

// classes: as prepared() makes them; used: Map of key → how often, to put the familiar first
export function findClasses(classes, typed, used = new Map()) {
  const words = typed.trim().toLowerCase().replaceAll("'", "").split(/\s+/).filter(Boolean);
  const found = [];
  for (const one of classes) {
    const score = Math.max(...words.map((word) => distance(one, word)));
    if (score < Infinity) found.push({ one, score, times: used.get(`${one.kind}/${one.code}`) ?? 0 });
  }
  found.sort((a, b) => a.score - b.score || b.times - a.times || a.one.kind.localeCompare(b.one.kind) || a.one.code.localeCompare(b.one.code));
  return found.map(({ one }) => one);
}
