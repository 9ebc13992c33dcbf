"""What people shorten, and what they say in several ways."""

# as typed -> what may be meant; where that is several things the neighbours decide, and the first is the usual one
MEANINGS: dict[str, tuple[str, ...]] = {
    short: tuple(meant.split("|"))
    for line in """
    ak=a  attp=an toan thuc pham  bgio=bao gio  bh=bảo hiểm|bay gio  bhtn=bảo hiểm that nghiep  bhxh=bảo hiểm xa hoi
    bhyt=bảo hiểm y tế  bi nhiu=bao nhieu  bik=biet  bjo=bay gio  bl=bao lau  blx=bang lai xe  bm=bo me  bme=bo me
    bn=bao nhieu|ban  bnh=bao nhieu  bnhieu=bao nhieu  bnhiu=bao nhieu  bt=biet|binh thuong  btxh=bảo trợ xã hội
    bx=vo  bít=biet  ca=công an  cax=công an xa  cb=can bo  cc=căn cước|chung cu  ccb=cuu chien binh  cccd=căn cước
    ccsy=sao y  cg=cung  ck=chong  cmnd=căn cước  cmt=căn cước  cmtnd=căn cước  cn=chung nhan|con
    cpxd=cap phep xây dựng  cq=cơ quan  ct=chứng thực|chủ tịch|cong trinh  cty=cong ty  cug=cung  cx=cung  dag=dang
    dc=duoc|dia chi  dchi=dia chi  dcko=duoc khong  dk=đăng ký|điều kiện  dkhkd=đăng ký hộ kinh doanh  dki=đăng ký
    dkkd=đăng ký kinh doanh  dkkh=đăng ký kết hôn  dkks=đăng ký khai sinh  dkkt=đăng ký khai tử
    dktt=đăng ký tạm trú|đăng ký thường trú  dky=đăng ký  dt=dien thoai|dien tich  dvc=dịch vụ công
    dvctt=dịch vụ công trực tuyến  dx=duoc  evisa=thị thực dien tu  foto=ban sao  gbt=giấy báo tử
    gcn=giấy chứng nhận  gcnattp=giấy chứng nhận an toan thuc pham  gcnkh=giấy chứng nhận kết hôn
    gcnqsd=giấy chứng nhận quyen su dung dat  gcnqsdd=giấy chứng nhận quyen su dung dat  gkh=giấy kết hôn
    gks=giấy khai sinh  gl=gia lai  gpkd=giấy phép kinh doanh  gplx=giấy phép lai xe  gpxd=giấy phép xây dựng
    gt=giay to  gto=giay to  h=gio  hc=hoc  hcc=hanh chinh cong  hcm=ho chi minh  hd=hợp đồng|huong dan
    hdnd=hoi dong nhan dan  hem=khong  hg=khong  hgd=hộ gia đình  hk=hộ khẩu|hoc ky  hkd=hộ kinh doanh
    hktt=hộ khẩu thường trú  hn=ha noi|hôn nhân  hok=khong  hong=khong  hs=hồ sơ|hoc sinh  htx=hợp tác xã
    htxh=hưu trí xã hội  hum=hom  hông=khong  iu=yeu  j=gi  ji=gi  k=khong  kbtv=khai báo tạm vắng  kd=kinh doanh
    kg=khong  kh=kết hôn|ke hoach|khach hang  khg=khong  khum=khong  ko=khong  kp=khong phai  ks=khai sinh|khach san
    kt=khai tử|kinh te|kiem tra  lm=lam  ls=liệt sĩ|lich su  lun=luon  mdsd=muc dich su dung
    mdsdd=muc dich su dung dat  mih=minh  mik=minh  mk=mat khau  mn=moi nguoi  mtp=mai táng phí  nc=nuoc
    ncc=người có công  ncn=nguoi nuoc ngoai  nct=nguoi cao tuoi  ng=nguoi  ngta=nguoi ta  nhg=nhung  nhiu=nhieu
    nhtn=nhu the nao  nhug=nhung  nhìu=nhieu  nkt=nguoi khuyet tat  nnn=nguoi nuoc ngoai  ns=noi  ntn=nhu the nao
    nv=nghĩa vụ|nhan vien  nvqs=nghĩa vụ quan su  nx=nua  offl=truc tiep  onl=online  ox=chong  oy=roi
    pass=hộ chiếu  passport=hộ chiếu  pccc=phong chay chua chay  photo=ban sao  pp=hộ chiếu  qsd=quyen su dung
    qsdd=quyen su dung dat  r=roi  rui=roi  scan=ban sao  sd=sổ đỏ|su dung  sdo=sổ đỏ  sdt=so dien thoai
    shk=so hộ khẩu  sy=sao y  syll=so yeu ly lich  sđt=so dien thoai  tb=thương binh|thong bao  tcc=the căn cước
    tcxh=trợ cấp xã hội  tg=thoi gian  thui=thoi  tk=tai khoan  tl=trích lục|tra loi  tnxp=thanh niên xung phong
    tphcm=thanh pho ho chi minh  trc=truoc  trg=trong  tt=thu tuc|tạm trú|thường trú|tình trạng
    ttdvhcc=trung tam phuc vu hanh chinh cong  tthc=thủ tục hành chính  tthn=tình trạng hôn nhân
    ttpvhcc=trung tam phuc vu hanh chinh cong  tv=tạm vắng  ub=uy ban  ubnd=uy ban  uq=uỷ quyền  v=vay  vayy=vay
    visa=thị thực  vk=vo  vp=van phong  vs=voi  vsattp=ve sinh an toan thuc pham  vơi=voi  wa=qua  wá=qua
    xd=xây dựng  xn=xác nhận|xi nghiep  xnhn=xác nhận tình trạng hôn nhân  xntthn=xác nhận tình trạng hôn nhân
    yt=y tế  z=vay  za=va  zay=vay  zo=vo  đag=dang  đc=duoc|dia chi  đg=dang  đi=di  đk=đăng ký|điều kiện
    đt=dien thoai  đx=duoc
    """.split("\n")
    for short, _, meant in (entry.partition("=") for entry in line.strip().split("  "))
    if meant
}

# Several words for one thing -> the one that stands for all of them: families, dialects, the market's names. Whoever
# types marks is taken at them ("để" is not "đẻ"); of someone who does not, the doubtful ones are left as they are.
SAME: dict[str, str] = {
    said: meant
    for meant, words in {
        "cha": "bố|ba|tía|cha",
        "me": "má|u|bu|mẹ|bầm",
        "con": "bé|nhóc|con nít|sắp nhỏ|em bé|con nhỏ|cháu|cu tí",
        "ong ba": "ông nội|ông ngoại|bà nội|bà ngoại",
        "qua doi": "qua đời|từ trần|chết|khuất núi|khuất bóng|lìa đời|tạ thế|yểu mệnh|tử vong",
        "ket hon": "cưới|lấy chồng|lấy vợ|cưới vợ|cưới chồng|thành hôn",
        "sinh": "đẻ|sanh",
        "doc than": "chưa vợ|chưa chồng",
        "can cuoc": "chứng minh|chứng minh nhân dân|chứng minh thư|thẻ căn cước công dân|căn cước công dân",
        "ly hon": "ly dị|bỏ nhau|thôi nhau",
        "chong nuoc ngoai": "chồng hàn|chồng hàn quốc|chồng mỹ|chồng tây|chồng đài|chồng đài loan|chồng trung quốc",
        "vo nuoc ngoai": "vợ tây|vợ hàn|vợ hàn quốc|vợ lào",
        "nuoc ngoai": "việt kiều|hàn quốc|đài loan|trung quốc|nhật bản|hoa kỳ|canada|australia|campuchia|thái lan|"
        "singapore|malaysia|người mỹ|người tây|người hàn|người nhật|người úc|người pháp|người đức|người anh|người lào|"
        "người thái|người nga|người trung|người hoa|người đài|bên mỹ|bên úc|"
        "bên hàn|bên nhật|bên đức|bên pháp|bên lào|bên tây|bên cam|quốc tịch mỹ|quốc tịch úc|quốc tịch đức|bên đài",
    }.items()
    for said in words.split("|")
}
DOUBTFUL_PLAIN = frozenset("ba|ma|u|bu|be|de|bo|chau|nguoi anh|nguoi trung|nguoi duc|sanh|bam".split("|"))
