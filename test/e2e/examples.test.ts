import { opened } from './harness';
import { agentSuite } from './suites/examples/agent';
import { deliverySuite } from './suites/examples/delivery';
import { openDeliveryShop } from './suites/examples/deliveryShop';
import { followUpSuite } from './suites/examples/followUp';
import { formSuite } from './suites/examples/form';
import { formWaitSuite } from './suites/examples/formWait';
import { knownSuite } from './suites/examples/known';
import { linksSuite } from './suites/examples/links';
import { receivedSuite } from './suites/examples/received';
import { reconcileSuite } from './suites/examples/reconcile';
import { openExampleShop } from './suites/examples/shop';
import { takingsSuite } from './suites/examples/takings';
import { waitExampleSuite } from './suites/examples/wait';

jest.setTimeout(60_000);

const shop = opened(openExampleShop);

describe('all examples', () => knownSuite(shop));
describe('form-payment-link.json', () => formSuite(shop));
describe('form-link-wait-deliver.json', () => formWaitSuite(shop));
describe('payment-received.json', () => receivedSuite(shop));
describe('reconcile-pending.json', () => reconcileSuite(shop));
describe('agent-payment-links.json', () => agentSuite(shop));
describe('link-wait-deliver.json', () => waitExampleSuite(shop));
describe('order-to-delivery.json', () => {
	const delivery = opened(async () => await openDeliveryShop(shop(), [shop().n8n.webhookUrl]));

	describe('by itself', () => deliverySuite(delivery));
	describe('with follow-up.json', () => followUpSuite(shop, delivery));
	describe('with daily-takings.json', () => takingsSuite(shop, delivery));

	describe('with sell-by-link.json and link-wait-deliver.json', () => linksSuite(shop));
});
