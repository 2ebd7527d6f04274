import { MICRO, costMicroFen, periodOf, piecesOf, type Tariff } from '../tariff/tariff.ts';

/** The part of a meter's memory that electricity runs through. Money in fen, energy in Wh. */
export interface Consumption {
  balanceFen: number;
  /** What is used and not yet a whole fen, in millionths of one. */
  dueMicroFen: number;
  tariff: Tariff;
  /** Used in the settlement period `period`. */
  usedWh: number;
  period: string;
  /** What the household draws, W. */
  loadW: number;
  /** How far below zero the balance may go before the relay opens. */
  overdraftLimitFen: number;
  /** 报警金额 1 and 2: at or below, the display says so. */
  alarm1Fen: number;
  alarm2Fen: number;
  /** 拉闸: no electricity flows. */
  relayOpen: boolean;
}

/** A meter as it is hung up. */
export const NEW_CONSUMPTION: Omit<Consumption, 'balanceFen' | 'tariff'> = {
  dueMicroFen: 0,
  usedWh: 0,
  period: '',
  loadW: 0,
  overdraftLimitFen: 2000,
  alarm1Fen: 2000,
  alarm2Fen: 500,
  relayOpen: false,
};

const HOUR_MS = 3_600_000;

/** Lets electricity flow between two moments, hour by hour, since periods and prices change on the hour. */
export function consume(meter: Consumption, span: { from: number; to: number }): void {
  let at = span.from;
  while (at < span.to && !meter.relayOpen && meter.loadW > 0) {
    const end = Math.min(span.to, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS);
    useEnergy(meter, Math.round((meter.loadW * (end - at)) / HOUR_MS), at);
    at = end;
  }
  settlePeriod(meter, span.to);
}

function useEnergy(meter: Consumption, energyWh: number, at: number): void {
  settlePeriod(meter, at);
  const pieces = piecesOf(meter.tariff, { usedWh: meter.usedWh, energyWh, at });
  const micro = costMicroFen(pieces) + meter.dueMicroFen;
  const left = (meter.balanceFen + meter.overdraftLimitFen) * MICRO;
  // In the hour in which the relay opens only a part of the energy flows.
  meter.usedWh += micro > left ? Math.floor((energyWh * Math.max(0, left)) / micro) : energyWh;
  meter.dueMicroFen = micro % MICRO;
  charge(meter, Math.floor(micro / MICRO));
}

/** Takes money for electricity; the relay opens where the overdraft ends, and no household owes more than that. */
export function charge(meter: Consumption, fen: number): void {
  const floor = 0 - meter.overdraftLimitFen;
  meter.balanceFen = Math.max(Math.min(floor, meter.balanceFen), meter.balanceFen - fen);
  if (meter.balanceFen > floor) return;
  meter.dueMicroFen = 0;
  meter.relayOpen = true;
}

/** After a credit: electricity flows again once there is any. */
export function reclose(meter: Consumption): void {
  if (meter.balanceFen > 0) meter.relayOpen = false;
}

/** 0: none; 1 and 2: at or below the alarm amount of that number; 3: overdrawn. */
export function alarmOf(meter: Consumption): 0 | 1 | 2 | 3 {
  if (meter.balanceFen < 0) return 3;
  if (meter.balanceFen <= meter.alarm2Fen) return 2;
  return meter.balanceFen <= meter.alarm1Fen ? 1 : 0;
}

/** What was used in the period that a moment lies in, Wh. */
export function usedIn(meter: Consumption, at: number): number {
  return meter.period === periodOf(meter.tariff, at) ? meter.usedWh : 0;
}

function settlePeriod(meter: Consumption, at: number): void {
  const period = periodOf(meter.tariff, at);
  if (period === meter.period) return;
  meter.period = period;
  meter.usedWh = 0;
}
