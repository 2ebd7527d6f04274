import type { ChipName } from '@bianmin/card/chip/contract';
import type { CardSnapshot, SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { maskName } from '../../../src/kernel/mask.ts';
import { WorldError } from './world-error.ts';

/** A card is in one place at a time. */
type Place = { readonly in: 'drawer' } | { readonly in: 'reader'; readonly readerId: string };

export interface NewCard {
  readonly sim: SimulatedCard;
  /** Whose it is, in clear; masked wherever it is shown. Empty for a card without a holder. */
  readonly holder: string;
  readonly note: string;
  readonly noteEn: string;
  /** The meter it was issued for, or null. */
  readonly meterNo: string | null;
  /** Of the issuer's unissued cards. */
  readonly stockSerial?: string;
}

export interface DrawerCard extends NewCard {
  readonly id: string;
  holder: string;
  note: string;
  noteEn: string;
  meterNo: string | null;
  place: Place;
  /** In a reader: whether it is still there. A reader's fault may have thrown it out unseen. */
  held: (() => boolean) | undefined;
}

/** A card as `/world/cards` shows it. */
export interface CardView {
  readonly id: string;
  /** `SLE4442 · 张*` */
  readonly label: string;
  readonly note: string;
  readonly noteEn: string;
  readonly chip: ChipName;
  readonly meterNo: string | null;
  readonly place: Place;
}

/** A card in the state file. */
export interface StoredCard {
  readonly id: string;
  readonly holder: string;
  readonly note: string;
  readonly noteEn: string;
  readonly meterNo: string | null;
  readonly stockSerial?: string;
  readonly snapshot: CardSnapshot;
}

/** Every card there is, wherever it lies. */
export class Drawer {
  readonly #cards = new Map<string, DrawerCard>();
  readonly #restore: (snapshot: CardSnapshot) => SimulatedCard;

  constructor(restore: (snapshot: CardSnapshot) => SimulatedCard) {
    this.#restore = restore;
  }

  add(card: NewCard): DrawerCard {
    const id = `card-${this.#cards.size + 1}`;
    return this.#put({ ...card, id, place: { in: 'drawer' }, held: undefined });
  }

  /** Fails with 404. */
  get(id: string): DrawerCard {
    const card = this.#cards.get(id);
    if (card === undefined) throw new WorldError(404, `There is no card ${id}.`);
    return settled(card);
  }

  /** The card, if it lies in the drawer. Fails with 404, or 409 where it is in a reader. */
  take(id: string): DrawerCard {
    const card = this.get(id);
    if (card.place.in === 'reader') {
      throw new WorldError(409, `This card is in reader ${card.place.readerId}; take it out first.`);
    }
    return card;
  }

  /** A forger's copy, as it is now. */
  clone(id: string): DrawerCard {
    const card = this.get(id);
    const { holder, meterNo } = card;
    const note = `${card.note}(复制品）`;
    return this.add({
      holder,
      meterNo,
      note,
      noteEn: `${card.noteEn} (a copy)`,
      sim: this.#restore(card.sim.snapshot()),
    });
  }

  /** A card of the issuer's stock has a holder from now on. */
  issue(serial: string, whose: { holder: string; meterNo: string }): void {
    for (const card of this.#cards.values()) {
      if (card.stockSerial !== serial) continue;
      Object.assign(card, whose, { note: '补办的新卡', noteEn: 'The card that replaced another' });
    }
  }

  view(id: string): CardView {
    return viewOf(this.get(id));
  }

  list(): CardView[] {
    return [...this.#cards.values()].map((card) => viewOf(settled(card)));
  }

  stored(): StoredCard[] {
    return [...this.#cards.values()].map(({ id, holder, note, noteEn, meterNo, stockSerial, sim }) => ({
      id,
      holder,
      note,
      noteEn,
      meterNo,
      ...(stockSerial === undefined ? {} : { stockSerial }),
      snapshot: sim.snapshot(),
    }));
  }

  /** From the state file; whatever was in a reader lies in the drawer again. */
  load(stored: readonly StoredCard[]): void {
    for (const { snapshot, ...card } of stored) {
      this.#put({ ...card, place: { in: 'drawer' }, held: undefined, sim: this.#restore(snapshot) });
    }
  }

  #put(card: DrawerCard): DrawerCard {
    this.#cards.set(card.id, card);
    return card;
  }
}

/** A card that its reader no longer holds lies in the drawer. */
function settled(card: DrawerCard): DrawerCard {
  if (card.held?.() !== false) return card;
  card.place = { in: 'drawer' };
  card.held = undefined;
  return card;
}

function viewOf({ id, holder, note, noteEn, meterNo, place, sim }: DrawerCard): CardView {
  const label = holder === '' ? sim.chip : `${sim.chip} · ${maskName(holder)}`;
  return { id, label, note, noteEn, chip: sim.chip, meterNo, place };
}
