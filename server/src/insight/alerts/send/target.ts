import type { AlertTarget } from '@bianmin/purchase/api/alert-destinations';
import { sendMail } from './mail.ts';
import { sendToRobot } from './robot.ts';

/** The host, which is all that is shown of a target. */
export function hostOf(target: AlertTarget): string {
  return target.kind === 'email' ? target.host : new URL(target.url).host;
}

/** Sends a text. Throws `SendError`. */
export type Send = (target: AlertTarget, text: string) => Promise<void>;

export function sender(now: () => number): Send {
  return (target, text) =>
    target.kind === 'email' ? sendMail(target, text) : sendToRobot(target, text, now());
}
