import { timesOf } from '../framing/atr-timing.ts';
import type { Atr } from '../framing/atr.ts';
import { setParameters } from '../framing/ccid/commands.ts';
import type { CommandBody } from '../framing/ccid/commands.ts';
import { FEATURE } from '../framing/ccid/constants.ts';
import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import type { CcidResponse } from '../framing/ccid/message.ts';
import type { ProtocolData } from '../framing/ccid/parameters.ts';
import { SLOT_ERROR } from '../framing/ccid/slot-error.ts';
import { DEFAULT_FI_DI, fiDiOf } from '../framing/fi-di.ts';
import { encodePps, judgePps } from '../framing/pps.ts';
import { slotFailure } from './ccid-slot-error.ts';
import { bestSpeed } from './ccid-slot-speed.ts';
import { ReaderError } from './error.ts';
import type { BlockPipe, Level } from './levels/level.ts';

/** A card as it answered its reset. */
export interface ResetCard {
  readonly bytes: Uint8Array;
  readonly atr: Atr;
}

/** What card and reader agreed on. */
export interface Agreement extends ResetCard {
  readonly protocol: 0 | 1;
  /** Coded as TA1. */
  readonly fiDi: number;
}

export interface Negotiation {
  readonly level: Level;
  readonly descriptor: CcidDescriptor;
  readonly pipe: BlockPipe;
  readonly command: (body: CommandBody) => Promise<CcidResponse>;
  /** Resets a powered card: all that was agreed on is void. */
  readonly reset: () => Promise<ResetCard>;
}

/** bClockStop by what the answer to reset allows (CCID rev 1.1 §6.1.7). */
const CLOCK_STOP = { never: 0, low: 1, high: 2, either: 3 } as const;

/**
 * Protocol and speed of a card just reset. Where the reader negotiates (dwFeatures 40), nothing is sent. Else PPS asks
 * for a faster speed or another protocol, unless the reader sends it by itself (80), and SetParameters tells the
 * reader. A PPS that is refused, and parameters that the reader does not take, end in a reset and the defaults.
 */
export async function negotiate(card: ResetCard, negotiation: Negotiation): Promise<Agreement> {
  const { level, descriptor } = negotiation;
  const has = (feature: number): boolean => (descriptor.features & feature) !== 0;
  const protocol = protocolOf(card.atr, descriptor);
  const plain: Agreement = { ...card, protocol, fiDi: DEFAULT_FI_DI };
  if (has(FEATURE.autoParameters)) return plain;
  // At APDU levels the reader sees to it after reset, one way or another; telling it the protocol does no harm.
  if (!level.hostSpeaks) {
    if (!has(FEATURE.autoFromAtr) && !has(FEATURE.autoPps)) await tell(plain, negotiation);
    return plain;
  }
  const wanted: Agreement = { ...plain, fiDi: speedOf(card.atr, descriptor) };
  const changes = protocol !== card.atr.protocol || wanted.fiDi !== DEFAULT_FI_DI;
  try {
    const asks = changes && !card.atr.specific && !has(FEATURE.autoPps);
    const agreed = asks ? await select(wanted, negotiation) : wanted;
    if (agreed !== undefined && (await tell(agreed, negotiation))) return agreed;
    if (!changes) return plain;
  } catch (error) {
    // Without anything to take back, the failure is the card's or the reader's own.
    if (!changes || !(error instanceof ReaderError) || isGone(error)) throw error;
  }
  const again = await negotiation.reset();
  const usual: Agreement = { ...again, protocol: protocolOf(again.atr, descriptor), fiDi: DEFAULT_FI_DI };
  if (usual.protocol !== again.atr.protocol) throw unsupported(again.atr.protocol);
  const fixed: Agreement = again.atr.specific ? { ...usual, fiDi: speedOf(again.atr, descriptor) } : usual;
  await tell(fixed, negotiation);
  return fixed;
}

/** What the card speaks after reset, where the reader can do that; else the first other that both can, by PPS. */
function protocolOf(atr: Atr, descriptor: CcidDescriptor): 0 | 1 {
  const offered = atr.specific ? [atr.protocol] : [atr.protocol, ...atr.protocols];
  for (const protocol of offered) {
    if ((protocol === 0 || protocol === 1) && (descriptor.protocols & (1 << protocol)) !== 0) return protocol;
  }
  throw unsupported(atr.protocol);
}

function speedOf(atr: Atr, descriptor: CcidDescriptor): number {
  if (atr.specificMode === undefined) return bestSpeed(atr.fiDi, descriptor);
  return atr.specificMode.implicit || fiDiOf(atr.fiDi) === undefined ? DEFAULT_FI_DI : atr.fiDi;
}

/** PPS; undefined where the card refuses it. */
async function select(wanted: Agreement, { level, pipe }: Negotiation): Promise<Agreement | undefined> {
  const { protocol, fiDi } = wanted;
  const request = encodePps(fiDi === DEFAULT_FI_DI ? { protocol } : { protocol, fiDi });
  const judgement = judgePps(request, await level.pps(pipe, request));
  return judgement.agreed ? { ...wanted, fiDi: judgement.fiDi } : undefined;
}

/** SetParameters; false where the reader does not take them. A reader without the command goes by the card alone. */
async function tell(agreement: Agreement, { command }: Negotiation): Promise<boolean> {
  const answer = await command(setParameters(parametersOf(agreement)));
  if (answer.command !== 'failed') return true;
  if (answer.error === SLOT_ERROR.commandNotSupported) return agreement.fiDi === DEFAULT_FI_DI;
  if (agreement.fiDi !== DEFAULT_FI_DI && answer.icc === 'active') return false;
  throw slotFailure(answer, 'protocol');
}

/** The protocol data structures of CCID rev 1.1 §6.1.7 from the answer to reset's own values. */
export function parametersOf({ atr, protocol, fiDi }: Agreement): ProtocolData {
  const { extraGuard: guardTime, convention, ifsc, check } = atr;
  const inverse = convention === 'inverse';
  const common = { fiDi, guardTime, clockStop: CLOCK_STOP[atr.clockStop], inverse } as const;
  if (protocol === 0) return { protocol, ...common, waiting: atr.waitingInteger };
  return { protocol, ...common, waiting: (atr.bwi << 4) | atr.cwi, crc: check === 'crc', ifsc, nad: 0 };
}

/**
 * How long one answer of the card may take, ms, by its own waiting times. T=0: a waiting time each for procedure
 * byte, data and status, since the reader watches the characters between. T=1: one block waiting time, and a second
 * for the reader, as R:LudovicRousseau/CCID src/ifdhandler.c adds.
 */
export function waitingMs({ atr, protocol, fiDi }: Agreement, { defaultClock }: CcidDescriptor): number {
  const times = timesOf(atr, { fiDi, clockHz: Math.max(defaultClock, 1_000) * 1_000 });
  return Math.ceil(protocol === 0 ? (3 * times.wait) / 1_000 : times.blockWait / 1_000 + 1_000);
}

function isGone(error: ReaderError): boolean {
  return error.code === 'reader.removed' || error.code === 'reader.no-card' || error.code === 'reader.gone';
}

function unsupported(protocol: number): ReaderError {
  return new ReaderError({
    code: 'reader.unsupported',
    message: 'This reader does not speak the protocol of this card; use another reader.',
    context: { protocol },
  });
}
