import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { adminMe, type AdminMe } from '@bianmin/purchase/api/admin-login';
import { call, setCsrf } from './call.ts';

/** Who is logged in, and what they may do. */
export const useSession = defineStore('session', () => {
  const who = shallowRef<AdminMe>();
  /** When the login ends if nobody uses it any more, by this page's clock; undefined: it does not. */
  const idleEndsAt = ref<number>();
  /** Whether the server was asked at all. */
  const known = ref(false);
  const permissions = computed(() => new Set(who.value?.permissions));

  /** Asks the server who the cookie is of; having no login is no error. */
  async function look(): Promise<void> {
    try {
      who.value = await call({ path: '/v1/admin/me', response: adminMe, interruptible: false });
      setCsrf(who.value.csrf ?? undefined);
      const { idle } = who.value;
      idleEndsAt.value = idle === null ? undefined : Date.now() + idle.leftMs;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      who.value = undefined;
    }
    known.value = true;
  }

  async function logout(): Promise<void> {
    await call({ path: '/v1/admin/logout', method: 'POST', interruptible: false });
    setCsrf(undefined);
    who.value = undefined;
  }

  const may = (permission: string | undefined): boolean =>
    permission === undefined || permissions.value.has(permission);

  return { who, known, idleEndsAt, look, logout, may };
});
