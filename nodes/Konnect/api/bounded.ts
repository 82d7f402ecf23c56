/** Sets an entry of a map that holds so many at most: where there are more, the one that was set longest ago goes. */
export function setBounded<V>(map: Map<string, V>, key: string, value: V, most: number): void {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** The entry of a key, which is made where there is none. Of a map that holds so many at most, the one that was asked for longest ago goes. */
export function getBounded<V>(map: Map<string, V>, key: string, make: () => V, most: number): V {
	const value = map.get(key) ?? make();
	setBounded(map, key, value, most);
	return value;
}
