(: Every mention of a register entry in a TEI file: entry, page, line, number of the note.

   BaseX runs this in the tests; the lines are then compared with what the edition says of itself.
   A line goes from its lb to the next one. An author's note has lines of its own; it is on the
   page where its mark stands. :)
declare default element namespace "http://www.tei-c.org/ns/1.0";
declare variable $file external;

declare function local:nodes($holder as element(), $note as element()?) as element()* {
  $holder//(pb[@n] | lb[@n] | note[@type = "authorial"] | *[@ref])
    [(ancestor::note[@type = "authorial"])[last()] is $note
     or empty($note) and empty(ancestor::note[@type = ("authorial", "editorial")])]
};

declare function local:lines($nodes as element()*, $page as xs:string, $note as xs:string) as xs:string* {
  for tumbling window $line in $nodes
    start $first when $first/self::lb
  for $node in tail($line)
  return
    if ($node/@ref) then string-join((substring($node/@ref, 2), $page, head($line)/@n, $note), "&#9;")
    else if ($node/self::note) then local:lines(local:nodes($node, $node), $page, $node/@n)
    else ()
};

let $nodes := local:nodes(doc($file)//text, ())
return
  if (empty($nodes/self::pb)) then local:lines($nodes, "", "")
  else
    for tumbling window $page in $nodes
      start $first when $first/self::pb
    return local:lines(tail($page), head($page)/@n, "")
