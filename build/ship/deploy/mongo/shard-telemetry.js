// Spreads what terminals say over a cluster's shards, once, before or after there are documents:
//   mongosh "mongodb://MONGOS/bianmin" build/ship/deploy/mongo/shard-telemetry.js
// Everything else stays on the database's primary shard, a replica set, where a number is unique (docs/operations/data.md).
/* global db, print, sh -- mongosh's own */
const TELEMETRY = {
  machinereports: { _id: 'hashed' },
  rollout_terminals: { _id: 'hashed' },
  terminal_commands: { _id: 'hashed' },
  terminal_health: { _id: 'hashed' },
};

for (const [name, key] of Object.entries(TELEMETRY)) {
  db.getCollection(name).createIndex(key);
  print(`${name}: ${JSON.stringify(sh.shardCollection(`${db.getName()}.${name}`, key))}`);
}
