//! Trees as short S-expressions, so that a table of tests can say what a text means.

use crate::tree::*;

pub(super) fn expr(expr: &Expr) -> String {
    use ExprKind as E;
    let one = |word: &str, inner: &Expr| format!("({word} {})", self::expr(inner));
    let two = |word: &str, a: &Expr, b: &Expr| format!("({word} {} {})", self::expr(a), self::expr(b));
    match &expr.kind {
        E::Quantity(amount) => quantity(amount),
        E::Date(day) => format!("{day}"),
        E::Code(code) => format!("#{code}"),
        E::Codes { first, last } => format!("#{first}..{last}"),
        E::Text(text) => format!("{text:?}"),
        E::Bool(value) => value.to_string(),
        E::Path(path) => {
            let step = |step: &Step| match step {
                Step::Args(args, _) => format!("({})", list(args, ", ")),
                Step::Field(name) => format!(".{}", name.text),
            };
            path.head.text.clone() + &path.steps.iter().map(step).collect::<String>()
        }
        E::Or(items) => format!("(or {})", list(items, " ")),
        E::And(items) => format!("(and {})", list(items, " ")),
        E::Not(inner) => one("not", inner),
        E::By { condition, day } => two("by", condition, day),
        E::Within { condition, wait, start } => {
            format!("(within {} {} {})", self::expr(condition), self::expr(wait), self::expr(start))
        }
        E::Compare { left, op, right } => {
            let sign = match op {
                CompareOp::Less => "<",
                CompareOp::AtMost => "<=",
                CompareOp::Equal => "=",
                CompareOp::NotEqual => "!=",
                CompareOp::AtLeast => ">=",
                CompareOp::Greater => ">",
            };
            two(sign, left, right)
        }
        E::In { item, set } => format!("(in {} {})", self::expr(item), self::set(set)),
        E::Under { item, set } => format!("(under {} {})", self::expr(item), self::set(set)),
        E::Is { subject, negated, state } => {
            let not = if *negated { "not-" } else { "" };
            format!("(is-{not}{} {})", format!("{state:?}").to_lowercase(), self::expr(subject))
        }
        E::Clamp { value, side: ClampSide::AtLeast, bound } => two("at-least", value, bound),
        E::Clamp { value, side: ClampSide::AtMost, bound } => two("at-most", value, bound),
        E::Rounded { value, rounded } => {
            format!("(rounded-{:?} {} {})", rounded.mode, self::expr(value), quantity(&rounded.step))
        }
        E::Sum { first, rest } => {
            let sign = |op: &AddOp| if *op == AddOp::Plus { "+" } else { "-" };
            let rest = rest.iter().map(|(op, term)| format!(" {} {}", sign(op), self::expr(term)));
            format!("[{}{}]", self::expr(first), rest.collect::<String>())
        }
        E::Product { first, rest } => {
            let sign = |op: &MulOp| if *op == MulOp::Times { "*" } else { "/" };
            let rest = rest.iter().map(|(op, factor)| format!(" {} {}", sign(op), self::expr(factor)));
            format!("[{}{}]", self::expr(first), rest.collect::<String>())
        }
        E::Negative(inner) => one("-", inner),
        E::AsOf { value, day } => two("as-of", value, day),
        E::AsKnownOn { value, day } => two("as-known-on", value, day),
        E::If { branches, otherwise } => {
            let branch = |(c, v): &(Expr, Expr)| format!("{} {} ", self::expr(c), self::expr(v));
            format!("(if {}{})", branches.iter().map(branch).collect::<String>(), self::expr(otherwise))
        }
        E::Compound { rate, times, .. } => two("compound", rate, times),
        E::ActCount { power, since } => two("count-since", power, since),
        E::DayAverage { value, first, last } => {
            let days = format!("{} {}", self::expr(first), self::expr(last));
            format!("(average-over {} {days})", self::expr(value))
        }
        E::TopUp { value, to } => two("top-up", value, to),
        E::LastStart(inner) => one("last-start", inner),
        E::Attribute { attribute, of } => {
            format!("({} {})", attribute.words().replace(' ', "-"), self::expr(of))
        }
        E::OwnYear { year, part, of } => {
            format!("({}{} {})", part.words().replace(' ', "-"), year.text, self::expr(of))
        }
        E::EdgeOfPeriod(edge) => format!("({edge:?}-of-period)"),
        E::Aggregate(aggregate) => {
            let value =
                aggregate.value.as_ref().map_or(String::new(), |value| format!(" {}", self::expr(value)));
            let condition = &aggregate.condition;
            let condition = condition.as_ref().map_or(String::new(), |c| format!(" where {}", self::expr(c)));
            format!("({:?}{value} {}{condition})", aggregate.kind, each(&aggregate.for_each))
        }
    }
}

fn held_by(held: &Option<HeldBy>) -> String {
    held.as_ref().map_or(String::new(), |held| {
        names(&held.names).replace(',', if held.together { " and " } else { " or " })
    })
}

fn list(items: &[Expr], between: &str) -> String {
    items.iter().map(expr).collect::<Vec<_>>().join(between)
}

fn set(set: &SetExpr) -> String {
    match set {
        SetExpr::Listed(items, _) => format!("{{{}}}", list(items, ", ")),
        SetExpr::One(one) => expr(one),
    }
}

fn each(each: &ForEach) -> String {
    match &each.entity {
        Some(entity) => format!("{}:{}", each.row.text, entity.text),
        None => each.row.text.clone(),
    }
}

fn product(parts: &[(Name, i8)]) -> String {
    let part = |(at, (name, exponent)): (usize, &(Name, i8))| {
        let sign = if *exponent < 0 { "/" } else { "*" };
        format!("{}{}", if at == 0 { "" } else { sign }, name.text)
    };
    parts.iter().enumerate().map(part).collect()
}

fn quantity(quantity: &Quantity) -> String {
    let number = if quantity.multiplied { quantity.number.to_string() } else { quantity.spelled.clone() };
    let suffix = match &quantity.suffix {
        Suffix::None => String::new(),
        Suffix::Percent => "%".to_string(),
        Suffix::BasisPoints => "bp".to_string(),
        Suffix::Unit(parts) => format!("~{}", product(parts)),
        Suffix::Days => "~days".to_string(),
        Suffix::Weeks => "~weeks".to_string(),
        Suffix::Months(end) => format!("~months-{end:?}"),
        Suffix::Years(end) => format!("~years-{end:?}"),
        Suffix::BusinessDays { calendar } => {
            format!("~business:{}", calendar.as_ref().map_or("", |name| &name.text))
        }
    };
    number + &suffix
}

pub(super) fn file(file: &File) -> String {
    file.items.iter().map(item).collect::<Vec<_>>().join("\n")
}

fn item(item: &Item) -> String {
    let doc = item.doc.as_ref().map_or(String::new(), |doc| format!("## {} ", doc.replace('\n', "|")));
    doc + &decl(&item.kind)
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(",")
}

fn quoted(quoted: &Option<Quoted>) -> String {
    quoted.as_ref().map_or(String::new(), |quoted| format!(" {:?}", quoted.text))
}

fn maybe(word: &str, expr: &Option<Expr>) -> String {
    expr.as_ref().map_or(String::new(), |expr| format!(" {word} {}", self::expr(expr)))
}

fn dated(word: &str, dated: &Option<Dated>) -> String {
    dated.as_ref().map_or(String::new(), |dated| {
        format!(" {word} {}{}", expr(&dated.day), maybe("known", &dated.known))
    })
}

fn typed(fact: &Fact) -> String {
    let time = if fact.cumulative {
        " cumulative"
    } else if fact.over_time {
        " over-time"
    } else {
        ""
    };
    let rest = maybe("=", &fact.default) + &maybe("where", &fact.condition);
    format!("{}:{}{time}{rest}", fact.name.text, product(&fact.ty.parts))
}

fn head(head: &Head) -> String {
    let refs = |list: &[RuleRef]| {
        let one = |item: &RuleRef| match item {
            RuleRef::Article { number, .. } => format!("article{number}"),
            RuleRef::Named(name) => name.text.clone(),
        };
        list.iter().map(one).collect::<Vec<_>>().join(",")
    };
    let word = |word: &str, list: String| if list.is_empty() { list } else { format!(" {word} {list}") };
    let cites = |cite: &Citation| cite.source.text.clone() + &quoted(&cite.place);
    let cites = head.cites.iter().map(cites).collect::<Vec<_>>().join(",");
    word("each", head.for_each.as_ref().map_or(String::new(), each))
        + &word(
            "every",
            head.each.as_ref().map_or(String::new(), |(period, _)| match period {
                EachPeriod::Calendar(period) => format!("{period:?}"),
                EachPeriod::Named(name) => name.text.clone(),
            }),
        )
        + &word("held", held_by(&head.held_by))
        + &word("cites", cites)
        + &word("over", refs(&head.notwithstanding))
        + &word("under", refs(&head.subject_to))
        + &word("ends", names(&head.ends))
        + &dated("from", &head.from)
        + &dated("until", &head.until)
}

fn assigns(list: &[Assign]) -> String {
    let one = |assign: &Assign| format!("{} := {}", assign.target.text, expr(&assign.value));
    list.iter().map(one).collect::<Vec<_>>().join(" & ")
}

fn lasting(lasting: &Option<Lasting>) -> String {
    match lasting {
        None => String::new(),
        Some(Lasting::Until(condition)) => format!(" until {}", expr(condition)),
        Some(Lasting::For(time)) => format!(" for {}", expr(time)),
    }
}

fn decl(decl: &Decl) -> String {
    let params = |list: &[Param]| {
        let one = |param: &Param| format!("{}:{}", param.name.text, product(&param.ty.parts));
        list.iter().map(one).collect::<Vec<_>>().join(",")
    };
    match decl {
        Decl::Agreement(it) => {
            format!("(agreement {}{} [{}])", it.name.text, quoted(&it.title), names(&it.parties))
        }
        Decl::Use(path) => format!("(use {:?})", path.text),
        Decl::Source(it) => {
            format!("(source {} {:?} {:?}{})", it.name.text, it.title.text, it.binding, quoted(&it.text))
        }
        Decl::Calendar(it) => format!("(calendar {} [{}])", it.name.text, names(&it.parts)),
        Decl::Period(it) => format!("(period {} {})", it.name.text, it.year),
        Decl::Office(it) => {
            let party = it.party.as_ref().map_or("", |party| &party.text);
            format!("(office {} of:{party}{})", it.name.text, quoted(&it.title))
        }
        Decl::Unit(it) => {
            let value = it.value.as_ref().map_or(String::new(), |value| format!(" {}", quantity(value)));
            format!("(unit {}{}{value})", it.name.text, if it.whole { " whole" } else { "" })
        }
        Decl::Enum(it) => format!("(enum {} {})", it.name.text, choices(&it.choices)),
        Decl::Fact(it) => format!("(fact {})", typed(it)),
        Decl::Entity(it) => {
            let part = |word: &str, name: &Option<Name>| {
                name.as_ref().map_or(String::new(), |name| format!(" {word}:{}", name.text))
            };
            let field = |field: &Field| {
                let doc = field.doc.as_ref().map_or(String::new(), |doc| format!("## {doc} "));
                format!(" ({doc}{})", typed(&field.fact))
            };
            let parts = part("key", &it.key) + &part("dated", &it.dated) + &part("known", &it.known);
            format!("(entity {}{parts}{})", it.name.text, it.fields.iter().map(field).collect::<String>())
        }
        Decl::Annex(it) => {
            let heading = |column: &Column| {
                column.heading.as_ref().map_or(String::new(), |it| format!("@{:?}", it.text))
            };
            let key = |key: &Column| {
                let name = key.name.as_ref().map_or(String::new(), |name| format!("{}:", name.text));
                format!("{name}{}{}", product(&key.ty.parts), heading(key))
            };
            let keys = it.keys.iter().map(key).collect::<Vec<_>>().join(",");
            let column = |column: &Column| {
                let name = column.name.as_ref().map_or("", |name| &name.text);
                let ty = product(&column.ty.parts);
                format!(" {name}:{ty}{}{}", heading(column), maybe("=", &column.default))
            };
            let columns = it.columns.iter().map(column).collect::<String>();
            format!("(annex {} {:?} [{keys}]{columns})", it.name.text, it.file.text)
        }
        Decl::Define(it) => define(it),
        Decl::Function(it) => {
            let (params, ty) = (params(&it.params), product(&it.ty.parts));
            format!("(function {} [{params}] {ty} {})", it.name.text, expr(&it.value))
        }
        Decl::Outcome(it) => {
            let rounded = it.rounded.as_ref();
            let rounded =
                rounded.map_or(String::new(), |r| format!(" rounded-{:?} {}", r.mode, quantity(&r.step)));
            let each = it.for_each.as_ref().map_or(String::new(), |it| format!(" each {}", each(it)));
            let ty = product(&it.ty.parts);
            format!("(outcome {}:{ty}{rounded}{each}{})", it.name.text, maybe("otherwise", &it.otherwise))
        }
        Decl::Rule(it) => {
            let name = it.name.as_ref().map_or("-", |name| &name.text);
            let branch = |branch: &Branch| {
                let condition = branch.condition.as_ref().map_or("_".to_string(), expr);
                format!(" {{{condition} => {}}}", assigns(&branch.assigns))
            };
            let branches = it.body.branches.iter().map(branch).collect::<String>();
            let lasting = lasting(&it.body.lasting);
            format!("(rule {name}{}{}{branches}{lasting})", quoted(&it.title), head(&it.head))
        }
        Decl::Obligation(it) => {
            let deadline = match &it.deadline {
                Deadline::By(day) => format!("by {}", expr(day)),
                Deadline::Within { wait, start } => format!("within {} of {}", expr(wait), expr(start)),
            };
            let start = format!("(obligation {}{}{}", it.name.text, quoted(&it.title), head(&it.head));
            format!("{start}{} {} {deadline})", maybe("if", &it.condition), expr(&it.performance))
        }
        Decl::Power(it) => {
            let requires = it.requires.iter().map(|it| format!(" requires {}", expr(it))).collect::<String>();
            let effect =
                if it.effect.is_empty() { String::new() } else { format!(" then {}", assigns(&it.effect)) };
            let start = format!(
                "(power {} [{}]{}{}",
                it.name.text,
                params(&it.params),
                quoted(&it.title),
                head(&it.head)
            );
            format!("{start}{requires}{effect}{})", lasting(&it.lasting))
        }
        Decl::Running(it) => {
            let defines = it.defines.iter().map(|(_, it)| format!(" {}", define(it))).collect::<String>();
            let (keys, per) = (list(&it.keys, ","), list(&it.per, ","));
            let start = format!("(running {} over {} by {keys} per [{per}]", it.name.text, it.entity.text);
            format!("{start} starting {}{defines} {})", expr(&it.starting), assigns(&it.assigns))
        }
        Decl::Scenario(it) => {
            let givens = it.givens.iter().map(|it| format!(" {}", given(it))).collect::<String>();
            let expect = |it: &Expect| {
                format!(" (expect {}{}{})", expr(&it.what), maybe("on", &it.on), maybe("known", &it.known))
            };
            format!(
                "(scenario {:?}{givens}{})",
                it.title.text,
                it.expects.iter().map(expect).collect::<String>()
            )
        }
        Decl::Guarantee(it) => {
            let each = it.for_each.as_ref().map_or(String::new(), |it| format!(" each {}", each(it)));
            let dates = dated("from", &it.from) + &dated("until", &it.until);
            format!("(guarantee {}{each}{dates} {})", it.name.text, expr(&it.what))
        }
        Decl::Article(it) => {
            let items = it.items.iter().map(|it| format!(" {}", item(it))).collect::<String>();
            format!("(article {}{}{}{items})", it.number, quoted(&it.title), head(&it.head))
        }
        Decl::Amends(it) => format!("(amends {:?}{})", it.base.text, dated("effective", &it.effective)),
        Decl::Repeal(it) => {
            let target = match &it.target {
                RepealTarget::Named(kind, name) => format!("{kind:?} {}", name.text),
                RepealTarget::Article { number, .. } => format!("article {number}"),
                RepealTarget::Scenario(title) => format!("scenario {:?}", title.text),
            };
            format!("(repeal {target}{})", dated("from", &it.from))
        }
        Decl::Replace(it) => format!("(replace {})", item(it)),
        Decl::Insert(it) => {
            let article = it.article.map_or(String::new(), |(number, _)| format!(" in {number}"));
            format!("(insert{article} {})", item(&it.item))
        }
        Decl::Substitute(it) => {
            let everywhere = if it.everywhere { " everywhere" } else { "" };
            let (new, old) = (expr(&it.new), expr(&it.old));
            format!("(substitute {new} for {old} in {:?} {}{everywhere})", it.kind, it.target.text)
        }
        Decl::Set { name, value } => format!("(set {} {})", name.text, expr(value)),
    }
}

fn choices(list: &[Choice]) -> String {
    let one = |choice: &Choice| match choice.inner.is_empty() {
        true => choice.name.text.clone(),
        false => format!("{}({})", choice.name.text, choices(&choice.inner)),
    };
    list.iter().map(one).collect::<Vec<_>>().join(",")
}

fn define(it: &Define) -> String {
    let ty = it.ty.as_ref().map_or(String::new(), |ty| format!(":{}", product(&ty.parts)));
    let each = it.for_each.as_ref().map_or(String::new(), |it| format!(" each {}", each(it)));
    format!("(define {}{ty}{each} {})", it.name.text, expr(&it.value))
}

pub(super) fn series(series: &Series) -> String {
    let one = |stated: &Stated| {
        let value = match &stated.value {
            StatedValue::Exactly(value) => expr(value),
            StatedValue::AtLeast(bound) => format!(">={}", expr(bound)),
            StatedValue::AtMost(bound) => format!("<={}", expr(bound)),
            StatedValue::Between(low, high) => format!("{}..{}", expr(low), expr(high)),
            StatedValue::Unknown => "?".to_string(),
        };
        value + &dated("from", &stated.from)
    };
    series.statements.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn given(given: &Given) -> String {
    match &given.kind {
        GivenKind::Fact { name, series } => format!("(given {} {})", name.text, self::series(series)),
        GivenKind::Row { entity, key, cells } => {
            let cell = |cell: &Cell| format!(" {}={}", cell.field.text, self::series(&cell.series));
            let cells = cells.iter().map(cell).collect::<String>();
            format!("(given {} {:?}{cells})", entity.text, key.text)
        }
        GivenKind::Line { annex, keys, cells } => {
            let cell = |cell: &Cell| format!(" {}={}", cell.field.text, self::series(&cell.series));
            let keys = keys.iter().map(expr).collect::<Vec<_>>().join(", ");
            format!("(given {}({keys}){})", annex.text, cells.iter().map(cell).collect::<String>())
        }
        GivenKind::Act(act) => {
            let word = if act.announced { "announcement" } else { "act" };
            let row = act.row.as_ref().map_or(String::new(), |row| format!("({})", expr(row)));
            let with = act.with.iter().map(|(name, value)| format!(" {}={}", name.text, expr(value)));
            let on = format!("{}{}", expr(&act.on.day), maybe("known", &act.on.known));
            let with = with.collect::<String>();
            format!("({word} {}{row} by {} on {on}{with})", act.power.text, names(&act.by))
        }
        GivenKind::StatedThrough(day) => format!("(stated-through {})", expr(day)),
    }
}
