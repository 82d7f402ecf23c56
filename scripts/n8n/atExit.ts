const tasks = new Set<() => void>();

process.once('exit', () => tasks.forEach((task) => task()));

/**
 * Has `task` run when this process ends in an orderly way. It must not wait for anything.
 *
 * @returns a function that takes the task back
 */
export function atExit(task: () => void): () => void {
	tasks.add(task);
	return () => void tasks.delete(task);
}
