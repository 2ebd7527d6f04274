import { ACS_CARD_TYPE } from '../chip/dialect/acs.ts';
import { REDACTION_RULES, type Secret } from './redaction-rules.ts';
import { maskedHex, type Span } from './hidden.ts';

/** Where the data of a command starts. */
const HEADER_BYTES = 5;
const STATUS_BYTES = 2;
const [PSEUDO_CLASS, SELECT_TYPE] = [0xff, 0xa4];

/** Hides by the table; sees every exchange of a session in order, since the card type is selected in one of them. */
export class Redactor {
  #cardType: number = ACS_CARD_TYPE.auto;

  /** Hex of a command and its answer, hidden bytes as `XX`. */
  exchange(apdu: Uint8Array, response: Uint8Array): [command: string, answer: string] {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0] = apdu;
    if (cla === PSEUDO_CLASS && ins === SELECT_TYPE) this.#cardType = apdu[HEADER_BYTES] ?? this.#cardType;
    const rules = REDACTION_RULES.filter(
      (rule) =>
        rule.classes.includes(cla) &&
        rule.ins === ins &&
        (rule.cardTypes?.includes(this.#cardType) ?? true) &&
        (rule.applies?.(apdu) ?? true),
    );
    const spansOf = (secret: Secret | undefined): readonly Span[] => {
      if (secret === undefined) return [];
      if (secret === 'all') return [{ start: 0, end: Infinity }];
      const address = secret.addressOf(p1, p2);
      return secret.secret.map(({ start, end }) => ({ start: start - address, end: end - address }));
    };
    const dataEnd = Math.max(0, response.length - STATUS_BYTES);
    return [
      maskedHex(
        apdu,
        rules
          .flatMap((rule) => spansOf(rule.command))
          .map(({ start, end }) => ({ start: Math.max(0, start) + HEADER_BYTES, end: end + HEADER_BYTES })),
      ),
      maskedHex(
        response,
        rules
          .flatMap((rule) => spansOf(rule.answer))
          .map(({ start, end }) => ({ start, end: Math.min(end, dataEnd) })),
      ),
    ];
  }
}
