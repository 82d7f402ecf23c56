import { examples } from '../../unit/examples/files';
import { exampleWith, type Stage } from '../harness';
import { SIZE } from './browser';
import type { Editor } from './editor';
import { picture } from './picture';

/** The zoom at which the names of nodes can be read, and the pixels that the editor's own bars take beside the canvas. */
const ZOOM = 0.7;
const BARS = { width: 120, height: 190 };
const LEAST = { width: 1000, height: 560 };
/** The size of a node with its name. Only notes have their own size. */
const NODE = { width: 200, height: 150 };

type Json = (typeof examples)[number]['json'];

/** The size of a window in which the whole workflow can be seen. */
function windowFor({ nodes }: Json) {
	const sizeOf = ({ parameters }: Json['nodes'][number]) => ({
		width: Number(parameters.width ?? NODE.width),
		height: Number(parameters.height ?? NODE.height),
	});
	const span = (axis: 0 | 1, side: 'width' | 'height') =>
		Math.max(...nodes.map((node) => node.position[axis] + sizeOf(node)[side])) -
		Math.min(...nodes.map((node) => node.position[axis]));
	const length = (axis: 0 | 1, side: 'width' | 'height') =>
		Math.max(LEAST[side], Math.round(span(axis, side) * ZOOM) + BARS[side]);
	return { width: length(0, 'width'), height: length(1, 'height') };
}

/** The text of an example, pasted onto an empty canvas. */
export function pasteSuite(stage: () => Stage, ui: () => Editor): void {
	beforeAll(async () => await ui().page.emulateMedia({ colorScheme: 'light' }));
	afterAll(async () => await ui().page.setViewportSize(SIZE));

	it.each(examples.map(({ file, json }) => [file.replace('.json', ''), json] as const))(
		'shows all of %s',
		async (name, json) => {
			const { newWorkflow, page } = ui();
			const text = JSON.stringify(await exampleWith(stage(), name));
			await page.setViewportSize(windowFor(json));
			await newWorkflow();
			await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
			await page.keyboard.press('ControlOrMeta+V');
			for (const { name: node, type } of json.nodes) {
				const isNote = type.endsWith('.stickyNote');
				const shown = isNote
					? page.getByTestId('sticky').getByRole('heading').first()
					: page.locator(`[data-test-id="canvas-node"][data-node-name="${node}"]`);
				await shown.waitFor();
			}
			// n8n shows a question mark on a node whose type it does not know.
			expect(await page.getByTestId('canvas-node').filter({ hasText: '?' }).count()).toBe(0);
			await page.getByTestId('zoom-to-fit').click();
			await picture(page, `example-${name}`, page.getByTestId('canvas-wrapper'));
		},
	);
}
