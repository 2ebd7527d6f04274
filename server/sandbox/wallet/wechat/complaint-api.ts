import { z } from 'zod';
import type { ApiContext, ApiRoute } from './api-route.ts';
import { completeRequest, complaintView, historyView, responseRequest } from './complaints.ts';
import { WalletRefusal } from './refusal.ts';
import { parseBody } from './requests.ts';

const day = z.iso.date();
const MAX_SPAN_MS = 30 * 86_400_000;
const ROOT = String.raw`^\/v3\/merchant-service\/complaints-v2`;

/** "消费者投诉 2.0": list, one, its history, an answer, an end. */
export const COMPLAINT_ROUTES: readonly ApiRoute[] = [
  {
    operation: 'any',
    method: 'GET',
    path: new RegExp(`${ROOT}$`, 'u'),
    handle: ({ query }, { complaints, book: { ledger }, merchant }) => {
      const [first, last] = [dayOf(query, 'begin_date'), dayOf(query, 'end_date')];
      if (last < first || Date.parse(last) - Date.parse(first) > MAX_SPAN_MS) {
        throw new WalletRefusal('PARAM_ERROR', '查询日期跨度不超过30天');
      }
      const [limit, offset] = [wholeOf(query, 'limit', 10, 50), wholeOf(query, 'offset', 0, Infinity)];
      const found = complaints.between(first, last);
      const data = found
        .slice(offset, offset + limit)
        .map((each) => complaintView(ledger, merchant.mchid, each));
      const total = offset === 0 ? { total_count: found.length } : {};
      return { status: 200, body: { data, limit, offset, ...total } };
    },
  },
  {
    operation: 'any',
    method: 'GET',
    path: new RegExp(`${ROOT}\\/([^/]+)$`, 'u'),
    handle: ({ params }, { complaints, book: { ledger }, merchant }) => ({
      status: 200,
      body: complaintView(ledger, merchant.mchid, complaints.find(params[0] ?? '')),
    }),
  },
  {
    operation: 'any',
    method: 'GET',
    path: new RegExp(`${ROOT}\\/([^/]+)\\/negotiation-historys$`, 'u'),
    handle: ({ params }, { complaints }) => ({
      status: 200,
      body: historyView(complaints.find(params[0] ?? '')),
    }),
  },
  {
    operation: 'any',
    method: 'POST',
    path: new RegExp(`${ROOT}\\/([^/]+)\\/response$`, 'u'),
    handle: ({ params, body }, context) => {
      const request = parseBody(responseRequest, body);
      ours(context, request.complainted_mchid);
      context.complaints.answer(params[0] ?? '', request.response_content);
      return { status: 204 };
    },
  },
  {
    operation: 'any',
    method: 'POST',
    path: new RegExp(`${ROOT}\\/([^/]+)\\/complete$`, 'u'),
    handle: ({ params, body }, context) => {
      ours(context, parseBody(completeRequest, body).complainted_mchid);
      context.complaints.complete(params[0] ?? '');
      return { status: 204 };
    },
  },
];

function ours({ merchant }: ApiContext, mchid: string): void {
  if (mchid !== merchant.mchid) throw new WalletRefusal('INVALID_REQUEST', '被诉商户号与投诉单不一致');
}

function dayOf(query: URLSearchParams, name: string): string {
  const found = day.safeParse(query.get(name));
  if (found.success) return found.data;
  throw new WalletRefusal('PARAM_ERROR', `${name}格式为yyyy-MM-DD`);
}

function wholeOf(query: URLSearchParams, name: string, otherwise: number, max: number): number {
  const found = Number(query.get(name) ?? otherwise);
  if (Number.isInteger(found) && found >= 0 && found <= max) return found;
  throw new WalletRefusal('PARAM_ERROR', `${name}超出范围`);
}
