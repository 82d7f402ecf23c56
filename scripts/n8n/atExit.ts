const tasks = new Set<() => void>();

// The last comes first, so that a process is ended before the folder goes that was made for it.
process.once('exit', () => {
	for (const task of [...tasks].reverse()) {
		try {
			task();
		} catch (error) {
			// What the others have to end must not outlive this.
			console.error(error);
		}
	}
});

/**
 * Has `task` run when this process ends in an orderly way. It must not wait for anything.
 *
 * @returns a function that takes the task back
 */
export function atExit(task: () => void): () => void {
	tasks.add(task);
	return () => void tasks.delete(task);
}
