// The moment that the pointer is at, in whichever plot: all of them show theirs at it.

export class Cursor extends EventTarget {
  at = null;

  move(at) {
    if (this.at === at) return;
    this.at = at;
    this.dispatchEvent(new Event("move"));
  }
}
