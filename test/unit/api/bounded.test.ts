import { getBounded } from '../../../nodes/Konnect/api/bounded';

it('a bounded map makes what it does not have, and keeps what was asked for last', () => {
	const map = new Map<string, object>();
	const get = (key: string) => getBounded(map, key, () => ({}), 2);
	const [a, b] = [get('a'), get('b')];
	expect(get('a')).toBe(a);
	get('c');
	expect(get('a')).toBe(a);
	expect(get('b')).not.toBe(b);
	expect([...map.keys()]).toEqual(['a', 'b']);
});
