import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import type { Component } from 'vue';
import { useSession } from './api/session.ts';

export const MENU_GROUPS = ['overview', 'orders', 'money', 'books', 'people', 'fleet', 'system'] as const;
type MenuGroup = (typeof MENU_GROUPS)[number];

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of its words: the page's heading and its line in the menu. */
    title?: string;
    /** Without it the page says that it cannot be seen, and the menu leaves it out. */
    permission?: string;
    /** Its place in the menu; absent: it is reached from another page. */
    menu?: { readonly group: MenuGroup; readonly order: number; readonly icon: Component };
    /** Without frame and menu. */
    bare?: boolean;
    /** Also without a login. */
    open?: boolean;
  }
}

/** Each area brings its own: `areas/<area>/routes.ts` exports them as `routes`. */
const AREAS = import.meta.glob<{ routes: RouteRecordRaw[] }>('./areas/*/routes.ts', { eager: true });

export const routes: RouteRecordRaw[] = Object.values(AREAS).flatMap((area) => area.routes);

export const router = createRouter({
  history: createWebHistory('/admin/'),
  routes: [
    ...routes,
    {
      path: '/:rest(.*)*',
      component: () => import('./layout/NoPage.vue'),
      meta: { title: 'common.noPage' },
    },
  ],
});

router.beforeEach(async (to) => {
  const session = useSession();
  if (!session.known) await session.look();
  if (session.who?.next !== 'ready' && to.meta.open !== true) {
    return { path: '/login', query: { to: to.fullPath } };
  }
  return true;
});
