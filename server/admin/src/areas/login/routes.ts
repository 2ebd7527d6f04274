import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/login',
    component: () => import('./LoginPage.vue'),
    meta: { title: 'login.title', bare: true, open: true },
  },
  {
    path: '/setup',
    component: () => import('./SetupPage.vue'),
    meta: { title: 'login.setup', bare: true, open: true },
  },
  {
    path: '/invitation',
    component: () => import('./InvitationPage.vue'),
    meta: { title: 'login.invited', bare: true, open: true },
  },
];
