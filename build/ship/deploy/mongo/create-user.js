// Run once by the image of MongoDB, in an empty volume: the servers' own user, who may do anything in their database, see how the
// replica set does, and nothing else.
/* global db, process -- mongosh's own */
db.getSiblingDB('admin').createRole({
  role: 'bianminHealth',
  privileges: [{ resource: { cluster: true }, actions: ['replSetGetStatus', 'serverStatus'] }],
  roles: [],
});
db.getSiblingDB('bianmin').createUser({
  user: 'bianmin',
  pwd: process.env.MONGO_PASSWORD,
  roles: [
    { role: 'dbOwner', db: 'bianmin' },
    { role: 'bianminHealth', db: 'admin' },
  ],
});
