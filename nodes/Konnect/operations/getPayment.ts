import { fetchPayment } from '../api/payments';
import { checkedOutput } from '../payment/expectations';
import type { Operation } from './forEachItem';
import { readingOf } from './reading';

export const getPayment: Operation = {
	name: 'getPayment',
	async execute(item) {
		const connection = await item.connection();
		const reading = readingOf(item);
		const limits = item.limits();
		const outcome = await fetchPayment(item.context, connection, reading.paymentId, limits);
		return checkedOutput(item.answerOf(outcome), connection, reading);
	},
};
