/** The role that the server itself keeps: it holds every permission. */
export const ADMINISTRATOR = 'administrator';
