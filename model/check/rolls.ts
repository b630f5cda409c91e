/**
 * The kinds of sets of worlds and pages whose members know their place (`roll.ts`).
 *
 * @module
 */
import { Roll } from "./roll.ts";
import type { PageUnderCheck, SmallWorld } from "./subject.ts";

/** Worlds of a file whose entry may be DIRTY. */
export class DirtyWorlds extends Roll<SmallWorld> {
  protected override placeOf({ listed }: SmallWorld): number {
    return listed;
  }

  protected override notePlace(world: SmallWorld, place: number): void {
    world.listed = place;
  }
}

/** Worlds that see what happens to other pages, alone or as one crowd. */
export class StandingWorlds extends Roll<SmallWorld> {
  protected override placeOf({ stands }: SmallWorld): number {
    return stands;
  }

  protected override notePlace(world: SmallWorld, place: number): void {
    world.stands = place;
  }
}

/** Pages of a PMD range that a PMD entry may cover. */
export class HugePages extends Roll<PageUnderCheck> {
  protected override placeOf({ huge }: PageUnderCheck): number {
    return huge;
  }

  protected override notePlace(page: PageUnderCheck, place: number): void {
    page.huge = place;
  }
}
