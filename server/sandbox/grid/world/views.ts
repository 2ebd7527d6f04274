import { alarmOf } from '../meter/consumption.ts';
import type { MeterState } from '../meter/meter-state.ts';
import type { Account } from '../platform/account-record.ts';
import type { BookEntry } from '../platform/book-entry.ts';
import type { Link } from './concentrator.ts';

/** A meter as `/world/meters` shows it. */
export interface MeterView {
  readonly meterNo: string;
  readonly customerNo: string;
  readonly customerName: string;
  readonly opened: boolean;
  readonly balanceFen: number;
  readonly count: number;
  readonly creditedFen: number;
  /** The part of it that came from afar. */
  readonly remoteFen: number;
  readonly display: string;
  readonly displayEn: string;
  /** 0: none; 1 and 2: at or below that alarm amount; 3: overdrawn. */
  readonly alarm: 0 | 1 | 2 | 3;
  readonly relayOpen: boolean;
  readonly loadW: number;
  /** In the settlement period, Wh. */
  readonly usedWh: number;
  /** The grid's name of it, Chinese. */
  readonly tariff: string;
  readonly tariffKind: 'flat' | 'month' | 'year' | 'time-of-use';
  readonly link: Link;
  /** Where its balance is at the grid: then `balanceFen` above is nothing. */
  readonly account?: Account;
}

export function meterView(
  state: MeterState,
  about: { customerNo: string; customerName: string; link: Link; account?: Account },
): MeterView {
  const { meterNo, opened, balanceFen, count, creditedFen, remoteFen, display, displayEn } = state;
  const { relayOpen, loadW, usedWh, tariff } = state;
  return {
    meterNo,
    customerNo: about.customerNo,
    customerName: about.customerName,
    opened,
    balanceFen,
    count,
    creditedFen,
    remoteFen,
    display,
    displayEn,
    alarm: alarmOf(state),
    relayOpen,
    loadW,
    usedWh,
    tariff: tariff.name,
    tariffKind: tariff.kind === 'tiered' ? tariff.period : tariff.kind,
    link: about.link,
    ...(about.account === undefined ? {} : { account: about.account }),
  };
}

/** One line of `/world/sales`. */
export interface BillLine {
  readonly orderNo: string;
  readonly status: BookEntry['status'];
  readonly meterNo: string | null;
  readonly faceFen: number;
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
  readonly count: number | null;
  /** Where the grid moved its value, since the meter was exchanged; null: nowhere. */
  readonly movedToMeter: { readonly meterNo: string; readonly count: number } | null;
  readonly planReleased: boolean;
  readonly writeClaimed: boolean;
  /** What became of the credit from afar; null where none was asked for. */
  readonly credit: 'pending' | 'credited' | 'failed' | null;
  /** The day it was booked into. */
  readonly day: string | null;
}

export function billLine(entry: BookEntry): BillLine {
  const { orderNo, status, sale, request, planReleased, writeClaimed } = entry;
  return {
    orderNo,
    status,
    meterNo: request?.meterNo ?? null,
    faceFen: sale?.faceFen ?? 0,
    creditFen: sale?.creditFen ?? 0,
    arrearsFen: sale?.arrearsFen ?? 0,
    feeFen: sale?.feeFen ?? 0,
    count: sale?.count ?? null,
    movedToMeter: entry.movedToMeter ?? null,
    planReleased,
    writeClaimed,
    credit: entry.credit?.status ?? null,
    day: entry.soldAt?.day ?? null,
  };
}
