interface Line<T> {
	result: Promise<T>;
	/** Whether the question has gone out, so that what changes now may not be in the answer. */
	begun: boolean;
	next: Promise<T> | undefined;
}

/**
 * Shares reads of the same payment between calls that come together, and bounds how many are under way. A call never takes the
 * result of a read that had begun before it came: the payment may have changed since Konnect looked it up. It takes the next
 * one, with all who wait for it.
 */
export class SharedReads<T> {
	private readonly lines = new Map<string, Line<T>>();

	private readonly waiting: Array<() => void> = [];

	private underWay = 0;

	/**
	 * @param mostAtOnce reads under way at the same time; further ones wait
	 * @param mostInAll reads under way and waiting; further ones are refused
	 */
	constructor(
		private readonly mostAtOnce: number,
		private readonly mostInAll: number,
	) {}

	/** The result of a read that begins after this call, or undefined where too many are waiting already. */
	read(key: string, begin: () => Promise<T>): Promise<T> | undefined {
		const line = this.lines.get(key);
		if (!line) return this.lines.size < this.mostInAll ? this.start(key, begin) : undefined;
		if (!line.begun) return line.result;
		const again = () => this.start(key, begin);
		line.next ??= line.result.then(again, again);
		return line.next;
	}

	private start(key: string, begin: () => Promise<T>): Promise<T> {
		const line = { begun: false, next: undefined } as Line<T>;
		line.result = this.run(() => {
			line.begun = true;
			return begin();
		});
		this.lines.set(key, line);
		const close = () => {
			if (this.lines.get(key) === line && !line.next) this.lines.delete(key);
		};
		line.result.then(close, close);
		return line.result;
	}

	private async run(begin: () => Promise<T>): Promise<T> {
		if (this.underWay >= this.mostAtOnce) {
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		} else {
			this.underWay++;
			// All calls of one moment come before the read begins.
			await Promise.resolve();
		}
		try {
			return await begin();
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.underWay--;
		}
	}
}
