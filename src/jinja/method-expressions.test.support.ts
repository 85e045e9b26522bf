/** Methods of values, filters over lists and mappings, and what they refuse: a line each, as in `expressions.test.support.ts`, whose list they are part of. */
export const methodExpressions = String.raw`
"ABC def".title()
"they're bill's"|title
"hello-world (x) [y"|title
"abc".center(10)|tojson
"abc"|center(9)|tojson
"abcd".center(7, "*")
"abc".center(6, "*")
"abc".ljust(5, ".")
"abc".rjust(5)
"-42".zfill(6)
"abcabc".count("bc")
"aaa".count("aa")
"abc".count("")
"abc".find("c")
"abc".find("z")
"abcabc".rfind("b")
u.find("é")
"abc".index("z")
"abc".startswith("a")
"abc".startswith(("x", "a"))
"abc".endswith("bc", 1)
"abc".startswith(1)
"a\tb".expandtabs(4)
"abc".isalpha()
"a1".isalnum()
"12".isdigit()
"½".isnumeric()
"²".isdigit()
" \n".isspace()
"".isspace()
"Abc Def".istitle()
"abc".isidentifier()
"1a".isidentifier()
"ABC".isupper()
"1".islower()
"ß".upper()
"ß".casefold()
"aBc".swapcase()
"a-b-c".partition("-")
"a-b-c".rpartition("-")
"abc".partition("z")
"abc".removeprefix("a")
"abc".removesuffix("bc")
"aXbXc".replace("X", "-")
"aXbXc".replace("X", "-", 1)
"abc".replace("", "-")
"a\nb\r\nc\u2028d".splitlines()
"a\nb\n".splitlines(true)
"-".join(["a","b"])
"-".join([1])
"abc".encode()
"é'".encode("utf-8")
"abc".lower().upper()
"\u00a0x\u3000"|trim|tojson
"\u001cx\ufeff"|trim|tojson
"xxaxx"|trim("x")
[1]|trim
none|trim
none|upper
1|string + "a"
l|string
d|string|length
l.index("x")
l.index("zz")
l.count(1)
l.copy()
d.copy()
d.get("zz")
d.get("zz", 5)
d.get("a").k
d["10"]
d[10]
{10: "x"}[10]
{10: "x"}["10"]
{(1,2): 3}[(1,2)]
{[1]: 2}
{1: 2}.items()|list
l|length
l|count
l|first
l|last
"abc"|first
"abc"|last
d|first
d|last
l|reverse|list
"abc"|reverse
d|reverse|list
l|reverse is sequence
[3,1,2]|sort
[3,1,2]|sort(reverse=true)
["b","A","c"]|sort
["b","A","c"]|sort(case_sensitive=true)
m|sort(attribute="v")|map(attribute="v")|list
m|sort(attribute="r,v")|map(attribute="v")|list
[1,"a"]|sort
d|dictsort
{"b":1,"A":2}|dictsort
{"b":1,"A":2}|dictsort(true)
{"b":2,"A":1}|dictsort(by="value", reverse=true)
m|groupby("r")|list
m|groupby("r", case_sensitive=true)|map(attribute="grouper")|list
m|groupby("v")|map("first")|list
m|map(attribute="v")|sum
m|sum(attribute="v")
m|sum(attribute="v", start=10)
[1.5,2]|sum
["a"]|sum
[[1],[2]]|sum(start=[])
m|map(attribute="zz", default="D")|list
["a","b"]|map("upper")|join(",")
["a","b"]|map("replace", "a", "x")|list
[1,0,2]|select|list
[1,2,3]|select("odd")|list
[1,2,3]|reject("odd")|list
[1,2,3]|select("gt", 1)|list
m|selectattr("v", "gt", 1)|map(attribute="r")|list
m|selectattr("zz")|list
m|rejectattr("r", "equalto", "a")|list
m|selectattr("r", "in", ["a"])|list
none|selectattr("a")|list
undef|selectattr("a")|list
1|map("upper")|list
[1,2,3]|batch(2)|list
[1,2,3]|batch(2, "x")|list
[1,2,3,4,5]|slice(2)|list
[1,2,3,4,5]|slice(3, "x")|list
l|join
l|join(", ")
m|join("-", attribute="r")
"abc"|join("-")
"abc"|list
d|list
d|length
1|length
w|wordcount
w|truncate(8)
w|truncate(8, true)
w|truncate(8, leeway=0)
w|truncate(8, false, "!", 0)
w|wordwrap(6)
"a-b-c long-word here"|wordwrap(7)
"aaaaaaaaaa bb"|wordwrap(4)
w|replace("big", "small")
w|replace("l", "L", 2)
1|replace(1, 2)
"a b&c/d é"|urlencode
{"a b": 1, "c": "é/"}|urlencode
{"class": "a", "id": none, "x": 1}|xmlattr
1000|filesizeformat
1|filesizeformat
123456789|filesizeformat
123456789|filesizeformat(true)
999999|filesizeformat
d|attr("a")
l|d
l|string|e
"a"|default
undef|default(none)
false|default("x", boolean=true)
"hello %s and %s"|format("a", "b")
"%(a)s"|format(a=1)
1|float
"a"|float
"a"|float(2.5)
true|int
true + true
-true
+true
-"a"
1.0|string
1e22
0.1 + 0.2
1/3
100000000000000000000.0
-1e-7
123456789.123456789
1.0 // 0.3
5 // 0.3
3 * 1.1
9007199254740993 + 1
9007199254740993 / 3
9007199254740993 // 2
9007199254740993 % 10
9007199254740993 == 9007199254740992.0
2**53 + 1.0
10**20 // 7
-10**20 // 7
namespace(a=1).a
namespace(a=1)
namespace({"a": 1}, b=2).b
dict(a=1, b=2)
dict([(1,2)], c=3)
cycler("a","b").next()
joiner(",")()
raise_exception("x")
strftime_now("%d %b %Y")
strftime_now("%a %A %b %B %d %-d %e %H %I %j %m %M %p %S %y %Y %F %T %D %% %U %W %V %G %u %w %C %h %n %t %R %r %c %x %X %f %z %Z %-m %-H %-I %-M %k %l %P")
[1, 2,]
{"a": 1,}
(1, 2,)
[,]
"a" "b" 'c'
'it\'s'
"\x41\u00e9\n\t\\"|tojson
"a" if "a" is string and 1 is number else "b"
l[0] is integer and not l[1] is integer
1 is not defined
foo.bar is defined
foo is defined and foo.bar
d.a.k|length == 0
d.a["k"]
d["a"].k
"%s"|format(none)
"abc"|batch(2)|map("join")|list
"a"|upper|lower|title
(1, 2)|list
(1, "a")
{"a": 1}|list
{"a": 1}.a
("a", "b") in [("a", "b")]
1 in {1: 2}
"1" in {1: 2}
[] is sequence
{} is iterable
range(3) is sequence
range(3) is iterable
d.items() is sequence
d.items() is iterable
namespace is callable
loop
"é" < "z"
"😀" < "￿"
["é", "z", "😀", "￿"]|sort
"İ".lower()|length
"ǆ".title()
"I'm"|tojson
1 ~ 2
"a" ~ 1 + 2
1 + 2 ~ "a"
-2|abs
- 2 ** 2
2 * -3
not true == false
1 == 1 == 1
1 if 1 else 2 ~ 3
"a".nope
"a".nope()
"a".upper(1)
"a".strip(1)
"a".join(none)
d.get()
d.items(1)
l.index()
"a"|upper(1)
"a"|replace("a")
"a"|trim(chars="a")
[1,2]|join(d="-")
1|round(precision=1)
1 is divisibleby
1 is odd(2)
`;
