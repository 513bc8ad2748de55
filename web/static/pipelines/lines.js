// The lines of a person's work in order, so that a slip of the hand can be taken back, and again.

const KEPT = 100;

export class Lines {
  constructor(first) {
    this.past = [];
    this.now = first;
    this.undone = [];
  }

  get canUndo() {
    return this.past.length > 0;
  }

  keep(line) {
    if (JSON.stringify(line) === JSON.stringify(this.now)) return;
    this.past.push(this.now);
    if (this.past.length > KEPT) this.past.shift();
    this.now = line;
    this.undone = [];
  }

  undo() {
    if (!this.past.length) return this.now;
    this.undone.push(this.now);
    this.now = this.past.pop();
    return this.now;
  }

  redo() {
    if (!this.undone.length) return this.now;
    this.past.push(this.now);
    this.now = this.undone.pop();
    return this.now;
  }
}
