// The loaded entries, ordered by time and, within a millisecond, by arrival.

const compare = (left, right) => left.time - right.time || left.sequence - right.sequence;

export class Entries {
  /** Oldest first, so that new entries go to the end. */
  #lines = [];
  #known = new Set();

  get length() {
    return this.#lines.length;
  }

  /** The entry at a place of the list, whose first one is the newest. */
  at(index) {
    return this.#lines[this.#lines.length - 1 - index];
  }

  get oldest() {
    return this.#lines[0];
  }

  /** The place of an entry, or of the next older one if it is not there; -1 if there is none. */
  indexOf(line) {
    const found = this.#lines.length - this.#upper(line);
    return found < this.#lines.length ? found : this.#lines.length - 1;
  }

  /** Adds those that are not there yet, and returns how many they are. */
  add(lines) {
    const fresh = lines.filter(({ sequence }) => !this.#known.has(sequence)).sort(compare);
    if (fresh.length === 0) return 0;
    for (const { sequence } of fresh) this.#known.add(sequence);
    const here = this.#lines;
    if (here.length === 0 || compare(fresh[0], here.at(-1)) > 0) {
      for (const line of fresh) here.push(line);
    } else if (compare(fresh.at(-1), here[0]) < 0) {
      this.#lines = fresh.concat(here);
    } else {
      // Late entries belong near the end, so only what is newer than the first of them is sorted.
      const start = this.#upper({ time: fresh[0].time, sequence: fresh[0].sequence - 1 });
      const tail = here.splice(start).concat(fresh).sort(compare);
      for (const line of tail) here.push(line);
    }
    return fresh.length;
  }

  /** Lets go of the oldest ones beyond `count`; returns whether there were any. */
  trim(count) {
    const over = this.#lines.length - count;
    if (over <= 0) return false;
    for (const { sequence } of this.#lines.splice(0, over)) this.#known.delete(sequence);
    return true;
  }

  clear() {
    this.#lines = [];
    this.#known.clear();
  }

  /** Number of entries up to and with this one. */
  #upper(line) {
    let [low, high] = [0, this.#lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#lines[middle], line) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
