import {
  alertLimits,
  alertPage,
  alertView,
  alertWithNotices,
  silenceList,
  silenceView,
  type AlertLimits,
  type AlertView,
  type AlertWithNotices,
  type CreateSilence,
  type SilenceView,
} from '@bianmin/purchase/api/alerts';
import {
  destinationList,
  destinationTest,
  destinationView,
  type ChangeDestination,
  type CreateDestination,
  type DestinationView,
} from '@bianmin/purchase/api/alert-destinations';
import type { ChangeLimits } from '@bianmin/purchase/api/alert-limits';
import type { z } from 'zod';
import { call, ifMatch } from '../../api/call.ts';

const ALERTS = '/v1/admin/alerts';
const SILENCES = '/v1/admin/alert-silences';
const DESTINATIONS = '/v1/admin/alert-destinations';
const LIMITS = '/v1/admin/alert-limits';

export const alertsApi = {
  list: (
    query: { status: AlertView['status']; after?: string | undefined },
    signal?: AbortSignal,
  ): Promise<z.infer<typeof alertPage>> =>
    call({ path: ALERTS, query, response: alertPage, ...(signal && { signal }) }),
  get: (id: string, signal?: AbortSignal): Promise<AlertWithNotices> =>
    call({ path: `${ALERTS}/${id}`, response: alertWithNotices, ...(signal && { signal }) }),
  acknowledge: (id: string, note: string): Promise<AlertView> =>
    call({ method: 'POST', path: `${ALERTS}/${id}/acknowledge`, body: { note }, response: alertView }),
  silences: async (signal?: AbortSignal): Promise<SilenceView[]> =>
    (await call({ path: SILENCES, response: silenceList, ...(signal && { signal }) })).silences,
  silence: (body: CreateSilence): Promise<SilenceView> =>
    call({ method: 'POST', path: SILENCES, body, response: silenceView }),
  unsilence: (id: string): Promise<void> => call({ method: 'DELETE', path: `${SILENCES}/${id}` }),
  destinations: async (signal?: AbortSignal): Promise<DestinationView[]> =>
    (await call({ path: DESTINATIONS, response: destinationList, ...(signal && { signal }) })).destinations,
  addDestination: (body: CreateDestination): Promise<DestinationView> =>
    call({ method: 'POST', path: DESTINATIONS, body, response: destinationView }),
  changeDestination: ({ id, version }: DestinationView, body: ChangeDestination): Promise<DestinationView> =>
    call({
      ...{ method: 'PUT', path: `${DESTINATIONS}/${id}`, body },
      ...{ headers: ifMatch(version), response: destinationView },
    }),
  removeDestination: ({ id, version }: DestinationView): Promise<void> =>
    call({ method: 'DELETE', path: `${DESTINATIONS}/${id}`, headers: ifMatch(version) }),
  testDestination: (id: string): Promise<z.infer<typeof destinationTest>> =>
    call({ method: 'POST', path: `${DESTINATIONS}/${id}/test`, response: destinationTest }),
  limits: (signal?: AbortSignal): Promise<AlertLimits> =>
    call({ path: LIMITS, response: alertLimits, ...(signal && { signal }) }),
  changeLimits: (version: number, body: ChangeLimits): Promise<AlertLimits> =>
    call({ method: 'PUT', path: LIMITS, body, headers: ifMatch(version), response: alertLimits }),
};
