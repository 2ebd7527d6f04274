import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { healthResponse } from '@bianmin/purchase/api/terminal';
import { openApiDocument, type SecurityScheme } from './openapi.ts';
import { ProblemError } from '../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';

export interface SystemServices {
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** Names what is not ready, if anything: a part that cannot be reached, or a shutdown under way. */
  readonly notReady: () => string | undefined;
}

/** What operations look at. `others` are the routes that the document describes besides these. */
export function systemRoutes(services: SystemServices, others: readonly AnyRoute[]): AnyRoute[] {
  const health = (): z.input<typeof healthResponse> => ({
    status: 'ok',
    time: new Date(services.clock.now()).toISOString(),
  });
  const routes: AnyRoute[] = [
    defineRoute({
      method: 'get',
      path: '/healthz',
      summary: 'The process is alive',
      tag: 'system',
      auth: 'none',
      response: healthResponse,
      handler: () => Promise.resolve(health()),
    }),
    defineRoute({
      method: 'get',
      path: '/readyz',
      summary: 'The process can serve: it works, the database answered lately, no shutdown is under way',
      tag: 'system',
      auth: 'none',
      response: healthResponse,
      handler: () => {
        const what = services.notReady();
        if (what === undefined) return Promise.resolve(health());
        throw new ProblemError({ code: 'server.unavailable', message: `Not ready: ${what}.` });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/openapi.json',
      summary: 'This document',
      tag: 'system',
      auth: 'none',
      response: z.looseObject({ openapi: z.string() }),
      handler: () => Promise.resolve({ ...document() }),
    }),
  ];
  let made: ReturnType<typeof openApiDocument> | undefined;
  const document = (): ReturnType<typeof openApiDocument> =>
    (made ??= openApiDocument([...others, ...routes], services.publicUrl, services.schemes));
  return routes;
}
