import type { PayerOrder } from '@bianmin/purchase/api/payer';
import { api, onChange, Refused, serverNow } from '../api.ts';
import type { Screen } from '../app.ts';
import { isOver, stepOf } from '../order-step.ts';
import { orderParts } from './order-page.ts';

/** Between two looks where no event came. */
const POLL_MS = 3000;

/** One order from its payment to the meter. */
export const orderScreen: Screen = (app, stay, orderNo) => {
  let shown: { order: PayerOrder; key: string } | undefined;
  let asking = false;

  const draw = (order: PayerOrder): void => {
    if (stay.over || (shown !== undefined && shown.order.version > order.version)) return;
    const step = stepOf(order, serverNow());
    const key = `${order.version} ${JSON.stringify(step)}`;
    if (shown !== undefined && shown.key === key) return;
    shown = { order, key };
    app.show(
      { where: app.t('app.title'), back: '/' },
      ...orderParts(app, stay, { order, step, moved: draw }),
    );
  };
  const look = (): void => {
    if (asking || document.hidden) return;
    if (shown !== undefined && isOver(stepOf(shown.order, serverNow()))) return;
    asking = true;
    api
      .order(orderNo)
      .then(draw, (error: unknown) => {
        const gone = error instanceof Refused && error.code === 'order.not-found';
        if (!stay.over && (shown === undefined || gone)) app.failed(error, '/');
        else if (shown !== undefined) draw(shown.order);
      })
      .then(
        () => {
          asking = false;
        },
        () => undefined,
      );
  };
  look();
  stay.every(POLL_MS, look);
  stay.onEnd(onChange(look));
  document.addEventListener('visibilitychange', look);
  stay.onEnd(() => {
    document.removeEventListener('visibilitychange', look);
  });
};
