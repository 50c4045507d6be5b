use proptest::prelude::*;

use super::*;

fn whole(text: &str) -> Result<Option<Expression>, ExpressionError> {
    parse(text, Span::new(0, text.len()))
}

/// The expression with every operand in parentheses.
fn shape(expression: &Expression) -> String {
    match &expression.kind {
        Kind::Constant => "#".to_owned(),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Name(name) => name.clone(),
        Kind::Property(of, name) => format!("{}.{name}", shape(of)),
        Kind::Index(of, index) => format!("{}[{}]", shape(of), shape(index)),
        Kind::Call(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(shape).collect();
            format!("{name}({})", arguments.join(", "))
        }
        Kind::Not(of) => format!("!{}", shape(of)),
        Kind::Binary(operator, left, right) => {
            format!("({} {operator:?} {})", shape(left), shape(right))
        }
    }
}

fn shown(text: &str) -> String {
    match whole(text) {
        Ok(Some(expression)) => shape(&expression),
        Ok(None) => "nothing".to_owned(),
        Err(error) => format!("{}..{}: {}", error.span.start, error.span.end, error.message),
    }
}

#[test]
fn expressions_group_as_github_groups_them() {
    insta::assert_snapshot!(shown("a || b && c == d < e"), @"(a Or (b And (c Equal (d Order e))))");
    insta::assert_snapshot!(shown("!a && !(b || c)"), @"(!a And !(b Or c))");
    insta::assert_snapshot!(shown("a == b == c"), @"((a Equal b) Equal c)");
    insta::assert_snapshot!(shown("GitHub.Event['Label'].name != 'it''s'"), @r#"(github.event.label.name NotEqual "it's")"#);
    insta::assert_snapshot!(shown("contains(github.event.issue.labels.*.name, 'bug')"), @r#"contains(github.event.issue.labels.*.name, "bug")"#);
    insta::assert_snapshot!(shown("fromJSON('[1]')[0] >= -1.5e3"), @r#"(fromjson("[1]")[#] Order #)"#);
    insta::assert_snapshot!(shown("a[*].b-c_d"), @"a.*.b-c_d");
    insta::assert_snapshot!(shown("always()"), @"always()");
    insta::assert_snapshot!(shown("0xfF == .5"), @"(# Equal #)");
    insta::assert_snapshot!(shown(" \n "), @"nothing");
}

#[test]
fn what_is_no_expression_says_where_and_why() {
    insta::assert_snapshot!(shown("a == \"x\""), @r#"5..6: `"` means nothing here; texts stand between single quotes"#);
    insta::assert_snapshot!(shown("a = b"), @"2..3: `=` means nothing here; equality is `==`");
    insta::assert_snapshot!(shown("a == 'x"), @"5..7: the text is never closed by `'`");
    insta::assert_snapshot!(shown("a ="), @"2..3: `=` means nothing here; equality is `==`");
    insta::assert_snapshot!(shown("(a"), @"2..2: the expression ends where `)` is expected");
    insta::assert_snapshot!(shown("f(a b)"), @"4..5: `,` or `)` is expected here");
    insta::assert_snapshot!(shown("a b"), @"2..3: the expression ends before this");
    insta::assert_snapshot!(shown("a."), @"2..2: the expression ends where the name of a property, or `*`, is expected");
    insta::assert_snapshot!(shown("1x"), @"0..2: `1x` is no number");
    insta::assert_snapshot!(shown(&"(".repeat(1000)), @"50..51: nested deeper than 50 levels");
    insta::assert_snapshot!(shown(&"!".repeat(1000)), @"50..51: nested deeper than 50 levels");
    insta::assert_snapshot!(shown(&format!("a{}", ".b".repeat(1000))), @"0..101: more than 50 properties in a row");
    insta::assert_snapshot!(shown(&" ".repeat(30_000)), @"0..30000: an expression has at most 21000 characters");
}

#[test]
fn expressions_are_found_in_texts() {
    let found = |text: &str| {
        let spans = embedded(text).into_iter();
        let shown = spans.map(|it| match it {
            Ok(span) => span.text(text).unwrap().to_owned(),
            Err(error) => format!("error at {}", error.span.start),
        });
        shown.collect::<Vec<_>>()
    };
    assert_eq!(found("x ${{ a }}-${{b}} }}"), [" a ", "b"]);
    assert_eq!(found("${{ '}}' }}${{ c"), [" '}}' ", "error at 11"]);
    assert!(found("$ {{ a }} {{ b }}").is_empty());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic_or_point_outside(text in "[a-c.*()\\[\\]!=&|<>', 0-9}{$é-]{0,40}") {
        match whole(&text) {
            Ok(Some(expression)) => expression.each(&mut |it| {
                assert!(it.span.text(&text).is_some(), "{it:?}");
            }),
            Ok(None) => {}
            Err(error) => prop_assert!(error.span.text(&text).is_some()),
        }
        for span in embedded(&text).into_iter().flatten() {
            prop_assert!(span.text(&text).is_some());
        }
    }
}
