import { register } from 'tsx/esm/api';

// A worker thread does not inherit the loader for TypeScript on every Node.
register();
await import('./bridge-shell.ts');
