"""Given names that are usual in Denmark, by which a text that names a person is known. Owns no rule.

The most frequent ones of the population and of newborn children, and those that are frequent in the housing areas.

Source: Danmarks Statistik, names of the whole population and of newborn children (dst.dk/navne), as groups of origin.
"""

from typing import Final

_NAMES: Final = """
aage abbas abdi abdul abdulahi abdullah abdullahi abdulrahman abukar adam adem adil adnan agnes ahmad ahmed ahmet aida
aisha ajla albert alberte alexander alexandra alfred ali alia alice alma alvin amal amalie amanda amar amel amin amina
amine amir amira amna anders andrea andreas andrej anette anna annalise anne annelise annette annika anton antonia anya
arda arif arne arthur arvid asbjørn asger ashraf asia asif aslan asma astrid aurora axel aya aydin ayaan ayan
ayse aysel ayşe ayub azad aziz bahar bashir bassam beate belinda bengt benjamin bent bente berfin berit bertil bertram
bilal birgit birgitte birte birthe bjarke bjarne bjørn bodil børge brian britt camilla carina carl carla caroline
cathrine cecilie cengiz christel christian christina christoffer clara claus cecilia charlotte connie dagmar dagny dalia
daniel daniella daud david deniz dennis derya dilan dina diana ditte dora dorte dorthe ebba ebru edith edvard eigil
einar elena elham elias elif elin elina elisabeth ella ellen ellinor elsa elvira emil emilie emily emine emma emre
enes erik erika erling ernst esma esra esther eva evelyn fabian fadi fadumo fahad farah farhan farid fares faris
fatima fatma fatme fatuma faysal felix ferhat filippa filip finn flemming florian frank frederik frederikke freja
frida frode furkan gerda gert gerda gitte grethe grete gudrun gunnar gustav gülsüm hadi hafsa hakan halima hamdi hamid
hamza hana hanan hanna hannah hanne harald harun hasan hassan hatice heba hedda heidi helene helga helle henning
henriette henrik henry herman hibo hilal hilda hilde hjalmar holger hussein husein huseyin huda hugo ib ibrahim ibtisam
ida idil idris ikram ilham ilias ilyas iman imran ina inge ingeborg inger ingrid irene irina iris irma isa isabel
isabella isak ismail ivan jack jacob jakob jamal jamila jamilla jana jane janne janni jannik jannie janus
jasmin jasmina jasper jawad jeanette jens jeppe jeremias jesper jette jimmy joachim joan johan johanna johanne john
johnny jonas jonathan jonna josef josefine joseph josephine julia julie julius jytte jørgen jørn kadir kai kaj kamal
kamil karen karim karin karina karina karl karla karoline kasper katharina kathrine katja katrine kemal kenan kenneth
kenny kerim khadija khadra khaled khalid kim kirsten kirstine kjeld klara klaus knud konrad kristian kristina kristine
kristoffer kurt laila lana lars lasse laura laurits laust lauge layla leila leif lena lene leon leonora leyla lida
lilian lillian lilly lina linda line linnea lis lisa lisbeth lise lissi liva livia liza lone lotte louise lubna
lucas luca lucia ludvig luis luka lukas luna lydia maja madina mads magda magnus mahad mahamed mahdi mahmoud
mahmud mahmut maiken maja majbritt malak malene malik malou malte manal manar marcel marcus maren margit margrethe
maria mariam marianne marie marina mario marius marlene marley martha martin marwa marwan mary maryam maryan mathias
mathilde matilde mattias mattis maya medina mehdi mehmet melek melina melissa mercan merete merve mette mia micha
michael michelle mie mikael mikkel mila mille milo milena mina mira miriam mirza mogens mohamad mohamed mohammad
mohammed mohamud mona monica monika morten mostafa mouna mubarak muhammad muhammed muhammet mujahid mukhtar mulki muna
munir murat musa musab mustafa nabil nada nadia nadja naima najma nana nanna nasir nasra nasrin natalia natasja
nawal nazli necla nermin nicklas nicolai nicoline niels nikita niklas nikolai nikolaj nina nisa noah noor nora noura
nour noura nur nura oda odin ole olga olivia oliver olaf omar omer orhan oscar oskar osman oswald othman otto oumaima
ove palle pamela patricia patrick paul pelle pernille peter petra philip philippa pia poul preben rabia rachid
ragnhild rahma raja rama rami rana randi rania rashid rasmus rebecca rebekka reem regitze rene rené reza
rikke rima rita robert rodin roger rohan roland rolf ronja rosa rosalina ruben rune ruqaya ruth saad sabah
sabri sabrina sadia safa safia sagal sahar sahra said saif sajid salah saleh salim salma salman samantha samer
sami samir samira samuel sandra sanne sara sarah sebastian sefa selim selin selma semih serap sergej serkan shabnam
shadi shahid shamsa shirin siad sidra signe sigurd silas silje silke simon sina siri sofia sofie soham solveig
sonja sophia sophie soren stefan stella stig stine sulayman suleiman sumaya sumeya susan susanne suzan
svend sven sverre svetlana sylvester søren sørine tahir tamer tanja tarek tariq tatiana teodor theodor thea theis
theresa thilde thomas thor thora thorbjørn thorkild thorvald thyra tilde tim tina tine tobias tom tommy tonny torben
tove trine troels tuva tülay ulla ulrik ulrikke umut uffe usama vagn valdemar valentin vera verner vibeke victor
victoria viggo vigga viktor viktoria vilhelm villads villum villy vilma vincent viola vita vivi vivian waleed walid
warsame wassim werner wilhelm wilma winnie yahya yakub yaqub yara yasin yasmin yasmina yasmine yassin yassir yonis
yousef yusra yusuf youssef yussuf zahra zainab zaynab zakaria zakariya zaki zaynab zehra zeinab zeynep zeliha zenia
ziad zoe zohra zubair åge åse ørnulf øyvind
"""

# In small letters. Names that are words of the language as well, such as `bo`, are left out.
GIVEN_NAMES: Final = frozenset(_NAMES.split())
