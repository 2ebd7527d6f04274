import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import type { AlertTarget } from '@bianmin/purchase/api/alert-destinations';
import { answerText } from '@bianmin/purchase/node/answer-text';
import { SendError } from './error.ts';

type RobotTarget = Extract<AlertTarget, { url: string }>;

/** ms; a robot that takes longer is asked again later. */
const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 10_000;

/** All three answer 200 whatever happened: DingTalk and WeCom say it in `errcode`, Feishu in `code`, once `StatusCode`. */
const answer = z.object({
  errcode: z.int().optional(),
  code: z.int().optional(),
  StatusCode: z.int().optional(),
});

/** What a group's robot is sent, byte by byte. Pure. */
function robotRequest(target: RobotTarget, text: string, nowMs: number): { url: string; body: string } {
  const { kind, url, secret } = target;
  switch (kind) {
    case 'dingtalk': {
      // 加签: over timestamp in ms and the secret, keyed by the secret, in the address.
      const signed = new URL(url);
      if (secret !== undefined) {
        const timestamp = String(nowMs);
        const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
        signed.searchParams.set('timestamp', timestamp);
        signed.searchParams.set('sign', sign);
      }
      return { url: signed.href, body: JSON.stringify({ msgtype: 'text', text: { content: text } }) };
    }
    case 'wecom':
      // Its key in the address is all that it asks for.
      return { url, body: JSON.stringify({ msgtype: 'text', text: { content: text } }) };
    case 'feishu': {
      const message = { msg_type: 'text', content: { text } };
      if (secret === undefined) return { url, body: JSON.stringify(message) };
      // 签名校验: keyed by timestamp in seconds and secret, over nothing, in the body. Not DingTalk's way round.
      const timestamp = String(Math.floor(nowMs / 1000));
      const sign = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
      return { url, body: JSON.stringify({ timestamp, sign, ...message }) };
    }
  }
}

/** Resolves once the group has it. Throws `SendError` with what kept it from that. */
export async function sendToRobot(target: RobotTarget, text: string, nowMs: number): Promise<void> {
  const { url, body } = robotRequest(target, text, nowMs);
  let response: Response;
  let said: string;
  try {
    response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'error' },
      headers: { 'content-type': 'application/json; charset=utf-8' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    said = await answerText(response, MAX_ANSWER_BYTES);
  } catch (cause) {
    // What fetch says has the address in it, and with it the key.
    throw new SendError(cause instanceof Error && cause.name === 'TimeoutError' ? 'timeout' : 'unreachable');
  }
  if (!response.ok) throw new SendError(`http-${response.status}`);
  const parsed = answer.safeParse(jsonOf(said));
  if (!parsed.success) throw new SendError('no-answer');
  const code = parsed.data.errcode ?? parsed.data.code ?? parsed.data.StatusCode;
  if (code === undefined) throw new SendError('no-answer');
  if (code !== 0) throw new SendError(`${target.kind}-${code}`);
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
