// The list follows what happens without moving: rows change where they stand, new ones are only counted.

import { call } from "../js/api.js";
import { callFor } from "./address.js";

const MOST = 100; // rows of the top that are looked at again; beyond, only what an event names
const MOST_ASKED = 8; // cases asked for one by one in a moment

export class Refresh {
  // ask: what the list is asked by now; onNew(count); onChanged(case numbers)
  constructor(list, { ask, onNew, onChanged }) {
    this.list = list;
    this.ask = ask;
    this.onNew = onNew;
    this.onChanged = onChanged;
    this.unseen = new Set();
  }

  reset() {
    this.unseen.clear();
    this.onNew(0);
  }

  // told: events or other things with a case_no; none after a gap in which anything may have happened
  async look(told) {
    const asked = this.ask();
    const page = await call("GET", callFor(asked, { limit: Math.min(MOST, Math.max(50, this.list.items.length)) }));
    if (asked !== this.ask()) return; // another list by now
    const changed = [];
    const present = new Set();
    for (const one of page.items) {
      present.add(one.case_no);
      const before = this.list.get(one.case_no);
      if (!before) this.unseen.add(one.case_no);
      else if (before.version !== one.version) changed.push(one.case_no);
      if (before) this.list.update(one);
    }
    const named = [...new Set(told.map((one) => one.case_no))].filter((caseNo) => !present.has(caseNo));
    const known = named.filter((caseNo) => this.list.get(caseNo) && !told.find((one) => one.case_no === caseNo && one.version === this.list.get(caseNo).version));
    for (const caseNo of named) this.unseen.delete(caseNo); // came and went before anyone looked
    await Promise.all(known.slice(0, MOST_ASKED).map((caseNo) => this.again(caseNo)));
    this.onNew(this.unseen.size);
    this.onChanged([...changed, ...known, ...named]);
  }

  async again(caseNo) {
    const found = await call("GET", `/api/v1/cases/${encodeURIComponent(caseNo)}`).catch((problem) => (problem.status === 404 ? null : undefined));
    if (found) await this.place(found);
    else if (found === null) this.list.update({ ...this.list.get(caseNo), version: -1 }, { gone: true });
  }

  // A case as it is now: in its row, and dimmed there when the list would not show it any more.
  async place(found) {
    if (!this.list.get(found.case_no)) return;
    const asked = this.ask();
    const { items } = await call("GET", callFor({ ...asked, q: found.case_no }, { limit: 1 })).catch(() => ({ items: [found] }));
    if (asked === this.ask()) this.list.update(found, { gone: !items.some((one) => one.case_no === found.case_no) });
  }
}
