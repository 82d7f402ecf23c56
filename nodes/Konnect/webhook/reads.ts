/**
 * Shares reads of the same payment between calls that come together. A call never takes the result of a read that was
 * already under way: the payment may have changed since Konnect looked it up. It takes the next one, with all who wait for it.
 */
export class SharedReads<T> {
	private readonly lines = new Map<string, { running: Promise<T>; next: Promise<T> | undefined }>();

	constructor(private readonly mostAtOnce: number) {}

	/** The result of a read that begins after this call, or undefined where too many payments are being read already. */
	read(key: string, begin: () => Promise<T>): Promise<T> | undefined {
		const line = this.lines.get(key);
		if (line) {
			line.next ??= line.running.then(
				() => this.run(key, begin),
				() => this.run(key, begin),
			);
			return line.next;
		}
		return this.lines.size < this.mostAtOnce ? this.run(key, begin) : undefined;
	}

	private run(key: string, begin: () => Promise<T>): Promise<T> {
		const line = { running: begin(), next: undefined };
		this.lines.set(key, line);
		const close = () => {
			if (this.lines.get(key) === line && !line.next) this.lines.delete(key);
		};
		line.running.then(close, close);
		return line.running;
	}
}
