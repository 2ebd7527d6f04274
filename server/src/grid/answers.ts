import type { WritePlan } from '@bianmin/shared/meter-card/plan';
import type { GridSale } from './contract.ts';
import { GridError } from './error.ts';
import { OPERATIONS, type AnswerOf, type Operation, type RequestOf } from './wire/operations.ts';

/**
 * The answer, if it is one of this operation and to this request: sums add up, order and card are the ones asked
 * about. Anything else is `grid.unknown`, since the grid has done something and we do not know what.
 */
export function checkedAnswer<O extends Operation>(
  operation: O,
  body: RequestOf<O>,
  data: unknown,
): AnswerOf<O> {
  const parsed = OPERATIONS[operation].answer.safeParse(data);
  if (parsed.success && answersTo(operation, body, parsed.data)) return parsed.data as AnswerOf<O>;
  throw new GridError({
    code: 'grid.unknown',
    message: 'The answer is not what it must be. Ask what became of the request.',
    context: { operation, field: parsed.error?.issues[0]?.path.join('.') },
  });
}

function answersTo(operation: Operation, body: object, answer: object): boolean {
  const asked = body as Partial<RequestOf<'sell'>>;
  if ('sale' in answer) return saleAnswers(asked, answer.sale as GridSale);
  if (operation === 'sell') return saleAnswers(asked, answer as GridSale);
  if (operation !== 'writePlan' && operation !== 'authorise') return true;
  return (answer as WritePlan).orderNo === asked.orderNo;
}

function saleAnswers(asked: Partial<RequestOf<'sell'>>, sale: GridSale): boolean {
  return (
    sale.orderNo === asked.orderNo &&
    sale.creditFen + sale.arrearsFen + sale.feeFen === sale.faceFen &&
    (asked.faceFen === undefined || sale.faceFen === asked.faceFen) &&
    (asked.count === undefined || sale.count === asked.count)
  );
}
