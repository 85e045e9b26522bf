import { methodExpressions } from './method-expressions.test.support.ts';

/** The context of the table of exact values. Source: reference/templates.md section 4. */
export const context =
  '{"i":1,"f":1.0,"g":1e2,"h":1e21,"z":-0.0,"nz":-0,"b":12345678901234567890123,"t":true,"n":null,"s":"a\'b","q":"it\\"s","l":[1,"x",null,true,1.5],"d":{"10":1,"2":"b","a":{"k":[]}},"w":"Hello big  World","e":[],"m":[{"r":"a","v":3},{"r":"b","v":1},{"r":"A","v":2}],"u":"日本 😀é","items":{"items":1,"get":2,"x":3}}';

/** Values, operators, tests and filters. */
const valueExpressions = String.raw`
n
t
f
g
h
z
nz
b
1e-5
1e16
123456789012345680.0
l
d
[s]
[q]
["é\x01\u2028\U0001F600\101\q"]
d|tojson
l|tojson(indent=2)
d|tojson(indent=4, sort_keys=true)
d|tojson(separators=(',', ':'))
u|tojson(ensure_ascii=true)
{1:2, none:3, true:4, 1.5:5}|tojson
{1:2, true:4}
{1:'a', 1.0:'b'}
(1,2)|tojson
"<a href='x'>&\"</a>"|tojson
d.nokey|default("D")
n|default("D")
""|default("D",true)
"x" ~ 1 ~ none ~ true
-7 // 2
-7 % 3
7 % -3
-7.5 // 2
-7.5 % 2
6 / 2
2 ** -1
2 ** 100
2 ** 0.5
10 // 3.0
1_000 + 0x1F + 0o17 + 0b11
1 + 2 * 3
"xxaxx".strip("x")
"\n\n a\n".lstrip("\n")|tojson
" a  b ".split()
"a,b,,c".split(",")
" a b  c ".split(none, 1)
" a b  c ".rsplit(none, 1)
" a b ".split(none, 0)
" a b ".rsplit(none, 0)
"a,b,c".split(",", 1)
"a,b,c".rsplit(",", 1)
"a,b,c".split(",", maxsplit=1)
"abc".split("")
d.items()
d.keys()
d.values()
d|items|list
items['items']
items.items()
items.get('x')
items.x
1 == 1.0
true == 1
none == undef
undef == undef2
-2 ** 2
2 ** 3 ** 2
-1|abs
-1.5|abs
"😀é"|length
{1:"a","1":"b"}|length
["b","A","c"]|min
["b","A","c"]|max
["b","A","c"]|min(case_sensitive=true)
["a","A"]|unique|list
m|unique(attribute="r")|map(attribute="r")|list
true is number
true is integer
d is sequence
"s" is sequence
none|int
none|float
1e400
"%5.2f"|format(3.14159)
"\b\f\x1f"|tojson
"/"|tojson
{% if true +%}
x{% endif %}
2.5|round
5|round
3.5|round
2.675|round(2)
1234|round(-2)
2.1|round(0, 'ceil')
2.9|round(method='floor')
1|round(1, 'foo')
"12x"|int
3.7|int
"0x1f"|int(base=16)
"z"|int(5)
"1.5"|int
" 42 "|int
"1_0"|int
"1e3"|float
"nan"|float
"a\nb"|indent(2)
"a\n\nb"|indent(2, true)
"a\n\nb"|indent(2, blank=true)
"a\nb"|indent("> ")
l|upper
undef|items|list
undef|length
undef|list
{}|min
[]|first
[]|last
"abc"[5]
none.a
none|items|list
"x"|items|list
1 < "a"
"a"+1
"a"+none
l + "a"
"a" + l
none|length
none|join
"a" in none
undef|tojson
undef.a
undef + "x"
undef()
undef|int
none.a.b
d.update({})
l.append(1)
l.append
"".__class__.__mro__
l.__class__
d.__len__
l.__len__
range(100001)|length
range(100000)|length
1/0
1//0
1%0
1.0/0
{% do 1 %}
{{- "a" +}}
range(3)
range(1,10,3)|list
range(10,0,-3)|list
range(5)[1:3]
range(5)[-1]
[1,2,3][::-1]
"hello"[1:3]
"hello"[::-1]
"hello"[-3:]
u[::-1]
u[3]
u[-1]
(1,2,3)[1:]
[1,2,3][5:1]
[1,2,3][::0]
l[1.0]
l["a"]
d[["a"]]
[1,2] == [1,2.0]
(1,2) == [1,2]
{"a":1} == {"a":1.0}
[1,[2]] < [1,[3]]
"a" < "B"
"a" * 3
3 * "ab"
[1] * 2
(1,) * 2
[1] + [2]
(1,) + (2,)
()
(1)
(1,)
{}
[[], {}, ()]
{'a': (1, [2, {'b': none}])}
not 1
not ""
not e
1 and 2
0 or "x"
none or ""
1 if true
1 if false
(1 if false) is undefined
1 if false else 2 if false else 3
1 < 2 < 3
1 < 3 < 2
1 in [1,2]
1 not in [1,2]
true in [1]
"a" in "abc"
"a" in d
"x" not in undef
1 is not none
3 is divisibleby 3
3 is divisibleby(2)
3 is odd
4 is even
3.0 is odd
undef is defined
undef is undefined
n is none
t is boolean
t is true
f is float
1 is float
"a" is lower
"A" is upper
"1" is lower
"x" is string
d is mapping
l is iterable
1 is iterable
range is callable
undef is callable
1 is callable
n is sameas none
l is sameas l
1 is eq 1
1 is equalto 1.0
1 is ne 2
1 is lt 2
2 is ge 2
2 is gt 1
1 is in [1]
"abs" is filter
"nope" is filter
"odd" is test
("x"|safe) is escaped
1 is nope
1|nope
("x"|safe) + "<"
"<" + ("x"|safe)
("x"|safe) ~ "<"
"<x>"|safe
"<x>"|e
"<x>"|escape|e
("<x>"|e)|forceescape
["<"|safe, "<"]|join("&")
"<b>a</b> <!-- c --> d &amp; e"|striptags
("a"|safe) * 2
("%s"|safe) % "<"
("<a>"|safe).upper()
["a"|safe]
("a b"|safe).split()
"..."|safe + d|tojson
"%s" % 1
"%s %r" % ("a", "a")
"%(a)s" % {"a": 1}
"%d%%" % 5.7
"%x" % 255
"%05d|%-5d|%+d" % (3, 3, 3)
"%.3e" % 12345.678
"%g" % 0.00001
"%10.3s|" % "abcdef"
"%s" % (1, 2)
"%d" % "a"
"{} {}".format(1, "a")
"{0} {1} {0}".format(1, 2)
"{a} {b!r}".format(a=1, b="x")
"{:>5}|{:<5}|{:^5}".format("a", "b", "c")
"{:.2f} {:05d} {:,}".format(3.14159, 42, 1234567)
"{{}}".format()
"{0[a]}".format({"a": 5})
"abc".capitalize()
`;

/** Expressions, one a line: each is rendered inside `{{ }}`. Lines that begin with `{%` are whole templates. */
export const expressions: readonly string[] = `${valueExpressions.trim()}\n${methodExpressions.trim()}`
  .split('\n')
  .filter((line) => !/^(\{% if true \+%\}|x\{% endif %\})$/.test(line));
