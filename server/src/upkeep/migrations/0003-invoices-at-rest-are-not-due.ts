import type { Migration } from './migration.ts';
import { walk } from './walk.ts';

/** Invoices at rest had a time of null, which a sparse index holds like any other. They have none, so that it holds what waits. */
export const invoicesAtRestAreNotDue: Migration = {
  version: 3,
  name: '0003-invoices-at-rest-are-not-due',
  // The version before asks for a time that is not null, and reads it nowhere else.
  compatible: true,
  up: (run) =>
    walk(run, 'invoices', (invoices, ids) =>
      invoices.updateMany({ _id: { $in: [...ids] }, dueAt: null }, { $unset: { dueAt: 1 } }),
    ),
  down: (run) =>
    walk(run, 'invoices', (invoices, ids) =>
      invoices.updateMany({ _id: { $in: [...ids] }, dueAt: { $exists: false } }, { $set: { dueAt: null } }),
    ),
};
