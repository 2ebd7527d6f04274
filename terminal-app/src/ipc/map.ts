import type { AnnouncementTexts } from '@bianmin/purchase/api/announcements';
import type { Entry } from '@bianmin/purchase/api/scalars';
import type { TerminalStatus } from '@bianmin/purchase/api/terminal';
import type { Language } from '@bianmin/purchase/api/language';
import type { CounterOrderDetail, CounterOrders, CounterTakings } from '@bianmin/purchase/api/counter';
import type { Diagnostics, ReportSent } from '@bianmin/purchase/api/diagnostics';
import type { WaitingCashList } from '@bianmin/purchase/api/hand-out';
import type { ClosedShift } from '@bianmin/purchase/api/shift';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { RemoteCardCommand, RemoteCardView } from '@bianmin/purchase/remote-card/view';
import type { VoiceLevel } from './voice-level.ts';

import type {
  HandOutAnswer,
  StaffAnswer,
  StaffClose,
  StaffEntry,
  StaffHandOut,
  StaffOrdersQuery,
  StaffView,
} from './staff.ts';

/** What the host tells every screen besides the purchase. */
export interface HostStatus {
  readonly terminalId: string | null;
  readonly version: string;
  readonly server: 'online' | 'away';
  /** This machine's clock beside the server's; null while too little was heard of that. */
  readonly clock: ClockStatus | null;
  readonly entry: Entry;
  readonly helpPhone: string;
  /** How loud the screen speaks before anybody has said otherwise. */
  readonly voice: VoiceLevel;
  /** What is announced while it is idle; null where nothing is. */
  readonly notice: Notice | null;
  /** What an administrator decided about it, as it was last told; null before that. */
  readonly standing: TerminalStatus | null;
  /** A command from afar had it stop selling; what is open is finished. */
  readonly blocked: boolean;
  /** null where none is set up. */
  readonly printer: PrinterStatus | null;
  /** Set only where the reader is the sandbox's. */
  readonly sandbox: SandboxStatus | null;
}

export interface ClockStatus {
  /** Ours less the server's, ms. */
  readonly skewMs: number;
  /** Further off than is tolerated. */
  readonly wrong: boolean;
}

/** By language; where one has no words, the Chinese ones are shown. */
export type Notice = AnnouncementTexts;

/** `absent`: not plugged in or switched off. `unknown`: it is there and does not say how it is. */
export type PrinterState =
  'ready' | 'paper-low' | 'paper-out' | 'cover-open' | 'error' | 'absent' | 'unknown';

export interface PrinterStatus {
  readonly state: PrinterState;
  /** What is printed, waits to be, or was printed last. */
  readonly job: PrintJob | null;
}

export interface PrintJob {
  /** Of a shift's slip: the shift's id. */
  readonly orderNo: string;
  /** `waiting`: for what the printer's state says, or for the server where that is fine. `failed`: given up. */
  readonly state: 'waiting' | 'printing' | 'printed' | 'failed';
  /** It was printed before and says so. */
  readonly again: boolean;
}

/** Of an order of this terminal; `language` stands beside the Chinese. */
export interface PrintRequest {
  readonly orderNo: string;
  readonly language: Language;
}

/** The drawer of simulated cards beside the screen. */
export interface SandboxStatus {
  readonly readerId: string;
  readonly cards: readonly SandboxCard[];
  readonly metersUrl: string;
  /** Opens the sandbox phone on the code that is on screen; null while there is none. */
  readonly phoneUrl: string | null;
}

export interface SandboxCard {
  readonly id: string;
  /** For people: "张* · SLE4442". */
  readonly label: string;
  /** What is special about it, in Chinese and in English. */
  readonly note: string;
  readonly noteEn: string;
  readonly chip: string;
  readonly place: 'drawer' | 'this-reader' | 'elsewhere';
}

/** The one typed map between renderer and host, whichever shell carries it. Requests and answers are JSON. */
export interface HostCalls {
  'host.status': { request: null; response: HostStatus };
  'purchase.view': { request: null; response: PurchaseView };
  'purchase.command': { request: PurchaseCommand; response: null };
  'remote-card.view': { request: null; response: RemoteCardView };
  'remote-card.command': { request: { command: RemoteCardCommand }; response: null };
  /** The page painted again, and its heart beats: a shell that hears nothing brings it back. */
  'page.painted': { request: null; response: null };
  /** Prints the receipt of the order that is on the screen; `false` where there is no printer or that is not its order. */
  'printer.print': { request: PrintRequest; response: boolean };
  /** In staff mode alone: as `printer.print`, of any order of this terminal, and marked as printed again. */
  'printer.reprint': { request: PrintRequest; response: boolean };
  /** The link of the receipt of the order that is on the screen; null where it cannot be had now. */
  'receipt.link': { request: { orderNo: string }; response: string | null };
  'staff.view': { request: null; response: StaffView };
  'staff.enter': { request: StaffEntry; response: StaffAnswer<null> };
  /** Back to the desk from aside. */
  'staff.pin': { request: { pin: string }; response: StaffAnswer<null> };
  /** The screen is residents' until the PIN is said again; the shift goes on. */
  'staff.aside': { request: null; response: null };
  /** Somebody is at the desk: a key or a touch that asks for nothing else. */
  'staff.touch': { request: null; response: null };
  'staff.leave': { request: null; response: null };
  'staff.orders': { request: StaffOrdersQuery; response: StaffAnswer<CounterOrders> };
  /** The last purchases of the card that is in. */
  'staff.card-orders': { request: null; response: StaffAnswer<CounterOrders> };
  'staff.order': { request: { orderNo: string }; response: StaffAnswer<CounterOrderDetail> };
  /** The card of this order is about to be put in: staff mode comes back when it is out again. null: it is not. */
  'staff.expect': { request: { orderNo: string | null }; response: null };
  'staff.takings': { request: null; response: StaffAnswer<CounterTakings> };
  /** Refunds whose cash waits at this float's counters. */
  'staff.waiting': { request: null; response: StaffAnswer<WaitingCashList> };
  /** Before the notes go over the counter; after no answer it is asked again with the same slip. */
  'staff.hand-out': { request: StaffHandOut; response: StaffAnswer<HandOutAnswer> };
  /** The drawer was counted; after no answer it is asked again with the same shift, which changes nothing. */
  'staff.close': { request: StaffClose; response: StaffAnswer<ClosedShift> };
  /** Prints the slip of the shift that was just closed; `false` where there is no printer or none was. */
  'staff.print-slip': { request: { language: Language }; response: boolean };
  'staff.diagnostics': { request: null; response: StaffAnswer<Diagnostics> };
  'staff.report': { request: null; response: StaffAnswer<ReportSent> };
  'sandbox.insert': { request: { cardId: string }; response: null };
  'sandbox.eject': { request: null; response: null };
}

export interface HostEvents {
  'host.status': HostStatus;
  'purchase.view': PurchaseView;
  'remote-card.view': RemoteCardView;
  'staff.view': StaffView;
  /** A command from afar wants the page loaded anew. */
  'page.reload': null;
}

export type HostCall = keyof HostCalls;
export type HostEvent = keyof HostEvents;

/** What the renderer sees as `window.bianmin` in either shell. */
export interface HostBridge {
  call<K extends HostCall>(name: K, request: HostCalls[K]['request']): Promise<HostCalls[K]['response']>;
  on<K extends HostEvent>(name: K, listener: (payload: HostEvents[K]) => void): () => void;
}
