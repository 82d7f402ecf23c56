/** Sets an entry. Beyond `most` entries, the one that was set longest ago is dropped. */
export function setBounded<V>(map: Map<string, V>, key: string, value: V, most: number): void {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** Gets an entry, or makes it if there is none. Beyond `most` entries, the one that was asked for longest ago is dropped. */
export function getBounded<V>(map: Map<string, V>, key: string, make: () => V, most: number): V {
	const value = map.get(key) ?? make();
	setBounded(map, key, value, most);
	return value;
}
