// Run once by the image of MongoDB, in an empty volume: the servers' own user, who may do anything in their database and nothing else.
/* global db, process -- mongosh's own */
db.getSiblingDB('bianmin').createUser({
  user: 'bianmin',
  pwd: process.env.MONGO_PASSWORD,
  roles: [{ role: 'dbOwner', db: 'bianmin' }],
});
