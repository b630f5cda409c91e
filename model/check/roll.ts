/**
 * Sets whose members know their place in them. To come and to leave looks nothing up then, and there is
 * no table to be made anew as they become many: worlds do it at every other observation.
 *
 * @module
 */

/** Places of members that have left which are kept before the others move up. */
const fewVacant = 32;

/** A set, in the order in which its members came. A member is in one set of a kind at a time. */
export abstract class Roll<Member> {
  /** The last place is a member's. */
  #places: (Member | undefined)[] = [];
  #size = 0;

  /** The member's place in the set of this kind that it is in. Anything but -1 may be of any of them. */
  protected abstract placeOf(member: Member): number;

  /** Notes the member's place; -1 if it is in no set of this kind any more. */
  protected abstract notePlace(member: Member, place: number): void;

  /** How many members it has. */
  get size(): number {
    return this.#size;
  }

  /** True of its members. */
  has(member: Member): boolean {
    const place = this.placeOf(member);
    return place >= 0 && this.#places[place] === member;
  }

  /** Takes one in, behind all others, unless it is a member. */
  add(member: Member): void {
    if (this.has(member)) return;
    const places = this.#places;
    this.notePlace(member, places.length);
    this.#size++;
    // Most have few: an array that has grown would keep room for many more.
    if (places.length === 0) this.#places = [member];
    else if (places.length === 1) this.#places = [places[0], member];
    else places.push(member);
  }

  /** Lets a member go; false if it was none. */
  delete(member: Member): boolean {
    if (!this.has(member)) return false;
    const places = this.#places;
    places[this.placeOf(member)] = undefined;
    this.notePlace(member, -1);
    this.#size--;
    while (places.length > 0 && places[places.length - 1] === undefined) places.pop();
    if (places.length > 2 * this.#size + fewVacant) this.#moveUp();
    return true;
  }

  /** All members, of whom any may come or leave while they are looked at. */
  members(): Member[] {
    return this.#places.filter((each) => each !== undefined);
  }

  /** True if this holds of one of them, which are asked in order. */
  some(holds: (member: Member) => boolean): boolean {
    return this.#places.some((each) => each !== undefined && holds(each));
  }

  /** The member that came last. */
  last(): Member | undefined {
    return this.#places.at(-1);
  }

  #moveUp(): void {
    const members = this.members();
    this.#places = members;
    members.forEach((member, place) => this.notePlace(member, place));
  }
}
