import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

/** The texts that a run has shown. */
const shown = new WeakMap<IExecuteFunctions, Set<string>>();

/** Shows a text beside the node's output: once, however many items it is about. */
export function addHint(
	context: IExecuteFunctions,
	message: string,
	type: NodeExecutionHint['type'] = 'info',
): void {
	const texts = shown.get(context) ?? new Set();
	if (texts.has(message)) return;
	shown.set(context, texts.add(message));
	context.addExecutionHints({ message, location: 'outputPane', type });
}
