/** Sets an entry of a map that remembers the youngest ones: set anew, an entry is the youngest; where there are too many, the oldest goes. */
export function setBounded<V>(map: Map<string, V>, key: string, value: V, most: number): void {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) map.delete(oldest);
}
